"""Keep servers away from a data folder and a database while something is done to them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from chatsite.databases.postgresql.advisory_locks import Lock, open_session, try_lock
from chatsite.server.operations import OperationError
from chatsite.server.startup import data_dir
from chatsite.server.startup.database import connect_database
from chatsite.server.startup.one_server import TAKEN, lock_database


@contextmanager
def hold_data_dir() -> Iterator[None]:
    """Raises LaunchError where a server runs on it."""
    data_dir.check_data_dir(settings.DATA_DIR)
    handle = data_dir.lock_data_dir(settings.DATA_DIR)
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def hold_database() -> Iterator[None]:
    """The default one. Raises LaunchError or OperationError where it is away or in use."""
    connect_database()
    if connection.vendor == "postgresql":
        with open_session() as session:
            if not try_lock(session, Lock.SERVER):
                raise OperationError(TAKEN)
            yield
        return
    handle = lock_database(settings.DATA_DIR)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)
