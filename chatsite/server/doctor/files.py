"""The secret key, the data folder, the disk, and the root certificates."""

import os
import shutil
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong
from chatsite.server.startup import LaunchError, data_dir
from chatsite.server.startup.database import database_file

MEGABYTE = 1024 * 1024
# Room for a snapshot comes on top.
LEAST_FREE = 200 * MEGABYTE
SHORTEST_KEY, FEWEST_CHARACTERS = 32, 8
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def check_secret_key() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield wrong(
            "it can be guessed, and with it anybody's session made",
            "Set SECRET_KEY to what `openssl rand -base64 48` prints (this signs everybody out and "
            "makes authenticator apps unusable), or leave it out on a new site.",
        )
    else:
        yield ok(f"{len(key)} characters")


def check_data_dir() -> Iterator[Finding]:
    folder = settings.DATA_DIR
    try:
        data_dir.check_data_dir(folder)
    except LaunchError as error:
        meaning, _, remedy = str(error).partition(". ")
        yield wrong(meaning, remedy)
        return
    if open_to_others := list(list_open_files(folder)):
        names = " ".join(str(path) for path in open_to_others)
        yield wrong(
            "other users of this machine can read or change what is private",
            f"chmod go-rwx {names}",
        )
    else:
        yield ok(f"{folder}, writable, and private where it must be")


def list_open_files(folder: Path) -> Iterator[Path]:
    if stat.S_IMODE(folder.stat().st_mode) & (stat.S_IWGRP | stat.S_IWOTH):
        yield folder
    files = [folder / "secret_key", *(folder / name for name in ("snapshots", "backups", "files"))]
    if database := database_file():
        files += [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
    for path in files:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & data_dir.OTHERS:
            yield path


def check_disk() -> Iterator[Finding]:
    file = database_file()
    size = file.stat().st_size if file and file.exists() else 0
    folders = {settings.DATA_DIR} | ({file.parent} if file else set())
    for folder in sorted(folders):
        free, needed = shutil.disk_usage(folder).free, LEAST_FREE + size
        if free < needed:
            yield wrong(
                f"{folder} has {free // MEGABYTE:,} MB free, and {needed // MEGABYTE:,} MB should "
                "be (what is written in a while, and a copy of the database before an upgrade)",
                "Make room, or set DATA_DIR to a larger disk.",
            )
        else:
            yield ok(f"{folder} has {free // MEGABYTE:,} MB free")


def check_certificates() -> Iterator[Finding]:
    """Look at what the environment puts in the place of the usual root certificates."""
    named = {name: path for name in BUNDLES if (path := os.environ.get(name))}
    for name, path in named.items():
        try:
            if Path(path).is_dir():
                ssl.create_default_context(capath=path)
            else:
                ssl.create_default_context(cafile=path)
        except OSError as error:
            why = error.strerror if error.errno else "it holds no certificates"
            yield wrong(
                f"{name} points to {path}: {why}",
                f"Have {name} point to a PEM file of root certificates, or take it away.",
            )
        else:
            yield ok(f"{name}: {path}")
    if not named:
        yield not_checked(f"none of {', '.join(BUNDLES)} is set: the usual ones count")
