"""Sending mail beside the request that asked for it.

How long a mail server takes would tell whether an address has an account, and one that is away is
no reason for an error page.
"""

import logging
import threading

from django.core.mail import EmailMessage

THREAD = "mail"

logger = logging.getLogger(__name__)


def deliver(message: EmailMessage) -> None:
    # A command that ends waits for it.
    threading.Thread(target=_send, args=(message,), name=THREAD).start()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        # Whatever the server said, nobody waits for it: the log is where an administrator looks.
        logger.exception("a mail could not be sent; check EMAIL_URL")
