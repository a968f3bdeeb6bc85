"""Restore a backup into an empty place: the database, the files and the secret key."""

import os
import shutil
from pathlib import Path

from django.conf import settings

from chatsite import env
from chatsite.s3.checking import name_bucket
from chatsite.server.operations import OperationError, schema
from chatsite.server.operations.archive import ArchiveSource
from chatsite.server.operations.data_files import is_data_file
from chatsite.server.operations.exclusive import hold_data_dir, hold_database
from chatsite.server.operations.loading import Say, load, require_empty
from chatsite.server.operations.settings_record import differing_settings

KEY_FILE = "secret_key"
REPLACED = "secret_key.before-restore"


def restore_backup(path: Path, say: Say) -> None:
    """Raises OperationError and changes nothing where the backup, or the place, isn't right."""
    with hold_data_dir(), hold_database(), ArchiveSource(path) as archive:
        schema.require_known(archive.migrations)
        require_empty()
        names = [name for name in archive.manifest["members"] if name.startswith("data/")]
        require_no_files([name.removeprefix("data/") for name in names])
        rows = load(archive, say)
        for name, file in archive.data_files():
            target = settings.DATA_DIR / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with target.open("xb") as written:
                shutil.copyfileobj(file, written)
        say(f"Restored {rows:,} rows and {len(names):,} files.")
        if settings.S3_BUCKET and any(name.startswith("data/files/") for name in names):
            say(
                f"Files are read from {name_bucket()}, and those of the backup are in "
                f"{settings.DATA_DIR / 'files'} now: copy them there (docs/deploy.md)."
            )
        restore_secret_key(archive.read_secret_key(), say)
        if names := differing_settings(archive.manifest["settings"]):
            say(f"Set otherwise where the backup was made: {', '.join(names)}.")


def require_no_files(names: list[str]) -> None:
    for name in names:
        if not is_data_file(name):
            raise OperationError(f"The backup has a file that doesn't belong there: {name!r}.")
        if (settings.DATA_DIR / name).exists():
            raise OperationError(
                f"{settings.DATA_DIR / name} is there already. Set DATA_DIR to an empty folder."
            )


def restore_secret_key(key: str, say: Say) -> None:
    """Put it where the site keeps its own; one that was there is kept beside it."""
    if key == settings.SECRET_KEY:
        return
    if not key:
        say("The backup has no secret key. Set SECRET_KEY to the one that the site had.")
        return
    if env.string("SECRET_KEY"):
        say(
            "SECRET_KEY is another one than the backup has. With it, nobody stays signed in, and "
            "authenticator apps and recovery codes are unusable. The backup's is in its file "
            f"{KEY_FILE}."
        )
        return
    path = settings.DATA_DIR / KEY_FILE
    if path.exists():
        path.rename(path.with_name(REPLACED))
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
