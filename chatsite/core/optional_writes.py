"""Writes that a page can do without: whoever reads must not need a database that can be written."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from chatsite.core import lock_wait
from chatsite.core.database_errors import is_unavailable

logger = logging.getLogger(__name__)


@contextmanager
def optional_write(what: str) -> Iterator[None]:
    """Go on without what is written here where the database can't be written now.

    Nobody waits for a lock for it. `what` is for the log.
    """
    try:
        with lock_wait.at_most(0):
            yield
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        logger.warning("%s wasn't saved", what, exc_info=error)
