"""`manage.py remove_second_factor dora`: for who lost theirs, when no administrator can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatsite.accounts.selectors import user_named
from chatsite.accounts.services import second_factor


class Command(BaseCommand):
    help = "Remove a user's authenticator app, passkeys and recovery codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="a username or an email address")

    def handle(self, *_: Any, **options: Any) -> None:
        user = user_named(options["user"])
        if user is None:
            raise CommandError(f"There is no user “{options['user']}”.")
        if second_factor.remove(user=user):
            self.stdout.write(f"{user} has no second factor any more; the password will do.")
        else:
            self.stdout.write(f"{user} had no second factor.")
