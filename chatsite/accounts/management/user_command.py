"""What commands about one user share: naming them, and saying that there is nobody of that name."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from chatsite.accounts.models import User
from chatsite.accounts.users.queries import user_named


class UserCommand(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="a username or an email address")

    def user(self, name: str) -> User:
        user = user_named(name)
        if user is None:
            raise CommandError(f"There is no user “{name}”.")
        return user
