"""A real mail server on loopback, and what it was given."""

import queue
import re
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.e2e.site import free_port


class Inbox:
    """aiosmtpd's handler: keeps each mail until somebody takes it."""

    def __init__(self) -> None:
        self._mails: queue.Queue[Message] = queue.Queue()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self._mails.put(message_from_bytes(envelope.content))
        return "250 OK"

    def link(self) -> str:
        """Waits for the next mail, and returns the link in it."""
        payload = self._mails.get(timeout=15).get_payload(decode=True)
        assert isinstance(payload, bytes)
        found = re.search(r"https?://\S+", payload.decode())
        assert found, payload
        return found[0]


class ClosingController(Controller):
    """Closes the connections that are open when it stops: aiosmtpd leaves that to the garbage
    collector, which warns of it in the middle of another test.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sessions: list[SMTP] = []

    def factory(self) -> SMTP:
        self._sessions.append(super().factory())  # type: ignore[no-untyped-call]
        return self._sessions[-1]

    def cancel_tasks(self, stop_loop: bool = True) -> None:
        for session in self._sessions:
            if session.transport:
                session.transport.close()
        super().cancel_tasks(stop_loop)


class MailServer:
    def __init__(self) -> None:
        self.inbox = Inbox()
        self.port = free_port()
        self._controller = ClosingController(self.inbox, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Inbox:
        self._controller.start()
        return self.inbox

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
