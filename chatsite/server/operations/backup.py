"""Back the site up, while it runs: everything as it was at one moment."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from chatsite.server.operations import OperationError
from chatsite.server.operations.archive import SECRET_KEY, ArchiveWriter
from chatsite.server.operations.data_files import list_files
from chatsite.server.operations.settings_record import record_settings
from chatsite.server.operations.sources import open_snapshot
from chatsite.version import read_version


@dataclass(frozen=True)
class Options:
    with_secrets: bool = False
    with_secret_key: bool = True


def default_path() -> Path:
    name = f"chatsite-{timezone.now():%Y%m%d-%H%M%S}.zip"
    return Path(settings.DATA_DIR) / "backups" / name


def write_backup_file(path: Path, options: Options) -> int:
    """Make a file that is whole from the first moment, and that only its owner can read.

    Returns how many rows are in it. Raises OperationError where there is such a file, or no room.
    """
    if path.exists():
        raise OperationError(f"{path} is there already, and stays as it is. Give another name.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OperationError(f"{path} can't be written: {error.strerror}.") from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            rows = write_backup(file, options)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OperationError(f"{path} can't be written: {error.strerror}.") from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return rows


def write_backup(file: IO[bytes], options: Options) -> int:
    """Write an archive; return how many rows are in it."""
    tables = {}
    with ArchiveWriter(file) as archive:
        add_files(archive, before_rows=True)
        with open_snapshot() as snapshot:
            for model in snapshot.models:
                total = archive.add_table(model._meta.db_table, snapshot.read(model))
                tables[model._meta.db_table] = total.as_json()
        add_files(archive, before_rows=False)
        if options.with_secret_key:
            archive.add(SECRET_KEY, [settings.SECRET_KEY.encode()])
        archive.finish(
            {
                "version": read_version(settings.BASE_DIR / "CHANGELOG.md"),
                "created": timezone.now().isoformat(),
                "database": connection.vendor,
                "settings": record_settings(with_secrets=options.with_secrets),
                "migrations": snapshot.migrations,
                "last_ids": snapshot.last_ids,
                "tables": tables,
            }
        )
    return sum(each["rows"] for each in tables.values())


def add_files(archive: ArchiveWriter, *, before_rows: bool) -> None:
    for path in list_files(before_rows=before_rows):
        archive.add_file(settings.DATA_DIR / path, PurePosixPath(path))


def sync_folder(folder: Path) -> None:
    """Have the new name there after a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
