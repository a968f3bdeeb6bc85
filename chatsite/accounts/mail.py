"""Send mail beside the request that asked for it.

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


def send_after_commit(message: EmailMessage) -> None:
    """Send it once the transaction is committed: starting a thread lets others run, which must
    not happen while SQLite is locked.
    """
    transaction.on_commit(partial(start_sending, message))


def start_sending(message: EmailMessage) -> None:
    # Not a daemon: a command that ends waits for it.
    threading.Thread(target=send_message, args=(message,), name=THREAD).start()


def send_message(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        # Whatever the server said, nobody waits for it: the log is where an administrator looks.
        logger.exception("a mail could not be sent; check EMAIL_URL")
