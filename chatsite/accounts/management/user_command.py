"""The base of commands about one user: it finds them, or says that there is nobody of that name."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from chatsite.accounts.models import User
from chatsite.accounts.users.queries import find_user_by_login


class UserCommand(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="a username or an email address")

    def find_user(self, name: str) -> User:
        user = find_user_by_login(name)
        if user is None:
            raise CommandError(f"There is no user “{name}”.")
        return user
