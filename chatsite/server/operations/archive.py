"""A backup is one zip file: a file of JSON lines a table, the files of DATA_DIR, the secret key,
and `manifest.json`, which says what is in it with a checksum for each. The manifest's own checksum
is the zip file's comment.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Self

from chatsite.server.operations import OperationError
from chatsite.server.operations.rows import Model, Row, TableSum, dump_row
from chatsite.server.operations.schema import Migrations

# Raised when an older version couldn't read the archive any more.
FORMAT = 1
MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105 - a file's name
PIECE = 1024 * 1024
# Most of what zlib can do, in a third of the time of its default.
LEVEL = 3


class ArchiveWriter:
    """An archive that is being written; without `finish` nobody takes it for a backup."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._members: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        checksum = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                checksum.update(piece)
                member.write(piece)
        self._members[name] = checksum.hexdigest()

    def add_table(self, table: str, rows: Iterable[Row]) -> TableSum:
        total = TableSum()

        def lines() -> Iterator[bytes]:
            for row in rows:
                line = dump_row(row)
                total.add(line)
                yield line + b"\n"

        self.add(f"tables/{table}.jsonl", lines())
        return total

    def add_file(self, path: Path, name: PurePosixPath) -> None:
        """A file that is gone by now is none of the site's any more."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            self.add(f"data/{name}", iter(lambda: file.read(PIECE), b""))

    def finish(self, about: dict[str, Any]) -> None:
        manifest = json.dumps(
            {"format": FORMAT, **about, "members": self._members}, indent=1
        ).encode()
        self._zip.writestr(MANIFEST, manifest)
        self._zip.comment = hashlib.sha256(manifest).hexdigest().encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()


class ArchiveSource:
    """An archive to read rows from, which was found whole; closed at the end of a `with` block."""

    def __init__(self, path: Path) -> None:
        """Raises OperationError where it is no backup, isn't whole, or of a later format."""
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise OperationError(f"{path} can't be read as a backup: {error}.") from error
        try:
            self.manifest = self._read_manifest(path)
            self._check_members(path)
        except BaseException:
            self._zip.close()
            raise
        self.migrations: Migrations = [(app, name) for app, name in self.manifest["migrations"]]
        self.last_ids: dict[str, int] = self.manifest["last_ids"]

    def _read_manifest(self, path: Path) -> dict[str, Any]:
        try:
            content = self._zip.read(MANIFEST)
        except KeyError as error:
            raise OperationError(f"{path} is no backup of this site.") from error
        except Exception as error:
            # Whatever zlib and zipfile make of bytes that were changed.
            raise OperationError(f"{path} is damaged: {MANIFEST} can't be read.") from error
        if hashlib.sha256(content).hexdigest().encode() != self._zip.comment:
            raise OperationError(f"{path} is damaged: {MANIFEST} isn't as it was written.")
        manifest: dict[str, Any] = json.loads(content)
        if manifest["format"] > FORMAT:
            raise OperationError(
                f"{path} is from a newer version ({manifest['version']}). Restore it with that one."
            )
        return manifest

    def _check_members(self, path: Path) -> None:
        for name, expected in self.manifest["members"].items():
            try:
                with self._zip.open(name) as member:
                    checksum = hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]
            except Exception as error:
                raise OperationError(f"{path} is damaged: {name} can't be read.") from error
            if checksum != expected:
                raise OperationError(f"{path} is damaged: {name} isn't as it was written.")

    def read(self, model: Model) -> Iterator[Row]:
        name = f"tables/{model._meta.db_table}.jsonl"
        if name not in self.manifest["members"]:
            return
        with self._zip.open(name) as lines:
            for line in lines:
                yield json.loads(line)

    def check(self, sums: dict[str, dict[str, Any]]) -> None:
        if sums != self.manifest["tables"]:
            different = [
                table for table in sums if sums[table] != self.manifest["tables"].get(table)
            ]
            raise OperationError(f"The backup holds other rows than it says: {different}.")

    def read_secret_key(self) -> str:
        """Return "" where the backup was made without it."""
        if SECRET_KEY not in self.manifest["members"]:
            return ""
        return self._zip.read(SECRET_KEY).decode()

    def data_files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Yield the files of DATA_DIR, by their names below it."""
        for name in self.manifest["members"]:
            if name.startswith("data/"):
                with self._zip.open(name) as file:
                    yield name.removeprefix("data/"), file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()
