"""The reading of files in a serving process, at its end."""

from conversations.attachments import reader


class FileService:
    """The service that `chatsite.server.lifecycle` starts and ends; reading begins when the first
    file comes.
    """

    def start(self) -> None:
        """Nothing until then."""

    def finish(self) -> None:
        """Whoever waits for a file hears that the server ends, and sends its end again."""
        reader.stop_reader()

    def close(self) -> None:
        """Nothing was needed to the last."""
