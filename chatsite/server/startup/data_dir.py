"""The folder that holds everything: can it be used, and is it ours alone?"""

import fcntl
import logging
import os
import stat
import tempfile
from pathlib import Path

from chatsite.server.startup import LaunchError
from chatsite.server.startup.retries import retry_until_deadline

logger = logging.getLogger(__name__)

LOCK = "serve.lock"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_data_dir(path: Path) -> None:
    """Makes the folder if need be; raises LaunchError unless its files can be listed and made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        os.scandir(path).close()
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise explain_unusable(path, error) from error


def keep_private(folder: Path, database: Path | None) -> None:
    """Takes from others the right to read what people wrote, and the secret that signs sessions.

    The server makes files that only its user can read. Commands, backups and earlier versions
    made others.
    """
    files = [folder / "secret_key"]
    if database:
        files += [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
    for path in files:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & OTHERS:
                path.chmod(mode & ~OTHERS)
        except FileNotFoundError:
            continue
        except OSError as error:
            logger.warning(
                "Other users of this machine can read %s, and that can't be changed: %s.",
                path,
                error.strerror,
            )


def explain_unusable(path: Path, error: OSError) -> LaunchError:
    return LaunchError(
        f"{path} can't be used: {error.strerror}. "
        "Make it readable and writable, or set DATA_DIR to a folder that is."
    )


def lock_data_dir(path: Path) -> int:
    """Takes the folder for this process and what it becomes; returns the lock's descriptor.

    A server that starts calls unfinished replies interrupted, so two at once would spoil each
    other's.
    """
    try:
        handle = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise explain_unusable(path / LOCK, error) from error
    try:
        retry_until_deadline(lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError as error:
        os.close(handle)
        raise LaunchError(
            f"Another server is running on the data folder {path}. "
            "Stop it, or set DATA_DIR to a folder of its own."
        ) from error
    os.set_inheritable(handle, True)
    return handle
