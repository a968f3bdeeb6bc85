"""What search and rules read of a message: its text, and names and text of its files."""

from conversations.models import Message

# Characters of a file that are read.
LONGEST = 200_000


def join_texts(message: Message) -> str:
    """Return all of it; the files were read along (queries.load_files)."""
    if not message.file_count:
        return message.text
    files = message.attachments.all()
    return "\n\n".join(
        [message.text, *(f"{file.name}\n{file.text[:LONGEST]}".rstrip() for file in files)]
    )
