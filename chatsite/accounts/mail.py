"""Sending mail beside the request that asked for it.

How long a mail server takes would tell whether an address has an account, and one that is away is
no reason for an error page.
"""

import logging
import threading
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction

THREAD = "mail"

logger = logging.getLogger(__name__)


def deliver(message: EmailMessage) -> None:
    """Once what it tells of is committed. Starting a thread lets others run, which must not happen
    while SQLite is locked.
    """
    transaction.on_commit(partial(_start, message))


def _start(message: EmailMessage) -> None:
    # Not a daemon: a command that ends waits for it.
    threading.Thread(target=_send, args=(message,), name=THREAD).start()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        # Whatever the server said, nobody waits for it: the log is where an administrator looks.
        logger.exception("a mail could not be sent; check EMAIL_URL")
