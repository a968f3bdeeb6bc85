"""`manage.py move --to URL`: the site's rows, into another database that is empty."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from chatsite.server.operations import OperationError
from chatsite.server.operations.move import move_site
from chatsite.server.startup import LaunchError
from chatsite.server.startup.database import first_line_of_error


class Command(BaseCommand):
    help = (
        "Copy the site from its database (DATABASE_URL) into an empty one, such as from SQLite "
        "into PostgreSQL. The site must not be running; its old database isn't changed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            required=True,
            metavar="URL",
            help="postgresql://user:password@host:5432/name (PGPASSWORD may have the password)",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            move_site(options["to"], self.say)
        except (OperationError, LaunchError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"{first_line_of_error(error)}.") from error

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
