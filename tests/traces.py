"""Where a text is to be found: in every row of every table, and in the bytes of files.

Tables are asked of the database itself, so that one that is added later is looked into as well.
"""

import subprocess
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests.waiting import wait_until


def tables_with(words: Iterable[str]) -> set[str]:
    """The tables with a row that says one of these words, whatever the case."""
    names = connection.introspection.table_names()
    return {name for name in names if any(says(row, words) for row in rows_of(name))}


def says(row: tuple[object, ...], words: Iterable[str]) -> bool:
    text = " ".join(map(readable, row)).casefold()
    return any(word.casefold() in text for word in words)


def readable(value: object) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, memoryview) else str(value)


def rows_of(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
        rows: list[tuple[object, ...]] = cursor.fetchall()
    if table == "django_session":
        # What they say is packed and signed.
        return [(key, SessionStore().decode(str(data))) for key, data, *_ in rows]
    return rows


def database_folder() -> Path:
    """Where SQLite keeps the files of the database."""
    return Path(str(connection.settings_dict["NAME"])).parent


def files_with(folder: Path, words: Iterable[str]) -> set[str]:
    """The files below the folder, by name, whose bytes hold one of these words.

    Another process reads them: whoever closes a file loses every lock that their process has on it
    (POSIX), also those by which SQLite knows that its database is in use.
    """
    patterns = [part for word in words for part in ("-e", word)]
    grep = ["grep", "-rlaiF", *patterns, str(folder)]
    result = subprocess.run(grep, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stderr
    return {Path(line).name for line in result.stdout.splitlines()}


def wait_until_erased(folder: Path, words: Iterable[str]) -> None:
    """Return once no file below the folder holds one of these words."""
    find = partial(files_with, folder, words)
    wait_until(lambda: not find(), "the erasure", 30, instead=find)
