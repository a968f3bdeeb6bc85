"""What ends a title that is awaited: the end of the process, or of its owner's access."""

import time
from functools import partial
from typing import Any

from django.db import transaction

from chatsite.accounts.models import User
from conversations.services.model_titles.pool import get_pool

# Seconds in which what was asked for may still be saved.
SAVING = 1.0


class TitleService:
    """The service that `chatsite.server.lifecycle` starts and ends."""

    def start(self) -> None:
        """The first reply begins it."""

    def finish(self) -> None:
        """None is worth waiting for: the first words stay."""
        deadline = time.monotonic() + SAVING
        for title in get_pool().close():
            title.wait_done(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        get_pool().open()


def cancel_titles_of(owner_id: int) -> None:
    get_pool().drop(lambda title: title.owner_id == owner_id)


def on_access_ended(*, user: User, **_signal: Any) -> None:
    """Handle a user who was signed out everywhere, deactivated or erased."""
    transaction.on_commit(partial(cancel_titles_of, user.pk))
