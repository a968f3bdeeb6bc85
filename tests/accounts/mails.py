"""The mails that the site has sent, once they have left."""

import re
import threading
from urllib.parse import urlsplit

from django.core import mail
from django.core.mail import EmailMessage

from chatsite.accounts.mail import THREAD


class Mails:
    def wait(self) -> None:
        """Mail is sent from threads of its own."""
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join(10)

    def all(self) -> list[EmailMessage]:
        self.wait()
        return list(mail.outbox)

    def one(self) -> EmailMessage:
        (message,) = self.all()
        return message

    def link(self) -> str:
        """The path of the one link in the one mail."""
        (url,) = re.findall(r"https?://\S+", str(self.one().body))
        return str(urlsplit(url).path)
