"""`manage.py backup`: the database, the files, the secret key and the settings, in one file."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import DatabaseError

from chatsite.s3.checking import name_bucket
from chatsite.server.operations import OperationError
from chatsite.server.operations.backup import (
    Options,
    default_path,
    write_backup,
    write_backup_file,
)
from chatsite.server.startup.database import first_line_of_error


class Command(BaseCommand):
    help = (
        "Back up the database, the files and the secret key into one file, as they are at one "
        "moment. The site may go on meanwhile."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            help="a new file (DATA_DIR/backups/chatsite-….zip); - is standard output",
        )
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="also the values of API keys, passwords and tokens that are set",
        )
        parser.add_argument(
            "--without-secret-key",
            action="store_true",
            help="leave out what signs sessions, to keep it in another place",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        chosen = Options(
            with_secrets=options["with_secrets"],
            with_secret_key=not options["without_secret_key"],
        )
        try:
            if options["file"] == "-":
                write_backup(sys.stdout.buffer, chosen)
                self.say_what_is_elsewhere(self.stderr)
                return
            path = Path(options["file"] or default_path())
            started = time.monotonic()
            rows = write_backup_file(path, chosen)
        except (OperationError, DatabaseError) as error:
            raise CommandError(first_line_of_error(error)) from error
        size, seconds = path.stat().st_size / 1_000_000, time.monotonic() - started
        self.stdout.write(f"{path}: {rows:,} rows, {size:,.1f} MB, in {seconds:.0f} s.")
        self.stdout.write(
            "Whoever has this file can read everything that was written here. Keep it private."
        )
        self.say_what_is_elsewhere(self.stdout)

    def say_what_is_elsewhere(self, output: OutputWrapper) -> None:
        if settings.S3_BUCKET:
            output.write(
                f"It is without the files in {name_bucket()}: back that up after it "
                "(docs/deploy.md)."
            )
