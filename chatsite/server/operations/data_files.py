"""The files that a site keeps beside its database, in folders of DATA_DIR."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class DataFolder:
    name: str
    pattern: str = "*"
    # Files that a row speaks of are written before it, and so are copied after the rows. Where a
    # row takes the place of a file, the file is copied first: else it might be in neither.
    is_before_rows: bool = False


# What people upload.
_folders = [DataFolder("files")]


def register_data_folder(folder: DataFolder) -> None:
    """For apps; in their `ready()`."""
    _folders.append(folder)


def list_files(*, before_rows: bool) -> Iterator[Path]:
    """Yield paths below DATA_DIR."""
    for folder in _folders:
        if folder.is_before_rows == before_rows:
            root = settings.DATA_DIR / folder.name
            paths = (path for path in root.rglob(folder.pattern) if path.is_file())
            yield from (path.relative_to(settings.DATA_DIR) for path in sorted(paths))


def is_data_file(name: str) -> bool:
    """Whether a file of an archive may be written there."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts and len(path.parts) > 1
