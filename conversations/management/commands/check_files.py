"""Find files whose bytes are missing, and bytes that belong to no file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatsite.s3.client import BucketAwayError, BucketRefusedError
from conversations.attachments import checks


class Command(BaseCommand):
    help = (
        "Compares the files of messages with the bytes that are kept: says which are missing, and "
        "which belong to no file. Changes nothing, unless --remove is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove",
            action="store_true",
            help="remove the bytes that belong to no file",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self.compare(is_removing=options["remove"])
        except (BucketAwayError, BucketRefusedError) as error:
            raise CommandError(f"{error}. `manage.py doctor` says more.") from error

    def compare(self, *, is_removing: bool) -> None:
        missing, unused = checks.find_missing(), checks.find_unused()
        for file in missing:
            self.stdout.write(f"missing: {file.pk} of {file.size} bytes, sent {file.created_at:%c}")
        for key in unused:
            self.stdout.write(f"belongs to no file: {key}")
        if is_removing:
            checks.remove_unused(unused)
            self.stdout.write(f"Removed {len(unused)}.")
        if missing:
            raise CommandError(
                f"{len(missing)} files are missing. A backup may have them: restore its folder "
                "data/files beside what there is, in DATA_DIR or in the bucket."
            )
        if not unused or is_removing:
            self.stdout.write(self.style.SUCCESS("Every file is there, and nothing else."))
