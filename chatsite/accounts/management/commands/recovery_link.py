"""`manage.py recovery_link dora`: a link by which somebody chooses a new password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatsite.accounts.selectors import user_named
from chatsite.accounts.services.access_links import recovery_link


class Command(BaseCommand):
    help = "Print a link by which a user chooses a new password. It works once, for three days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="a username or an email address")

    def handle(self, *_: Any, **options: Any) -> None:
        user = user_named(options["user"])
        if user is None:
            raise CommandError(f"There is no user “{options['user']}”.")
        if not user.is_active:
            raise CommandError(f"{user} is deactivated. Activate the account first.")
        self.stdout.write(recovery_link(user))
