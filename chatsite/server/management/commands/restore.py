"""`manage.py restore FILE`: what `manage.py backup` saved, into an empty place."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatsite.server.operations import OperationError
from chatsite.server.operations.restore import restore_backup
from chatsite.server.startup import LaunchError


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and data folder, of SQLite or PostgreSQL, "
        "whichever it was made of."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` made")

    def handle(self, *_: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            restore_backup(options["file"], self.stdout.write)
        except (OperationError, LaunchError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Start the site: python manage.py serve")
