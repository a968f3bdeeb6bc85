"""`manage.py erase_user alice`: the erasure that “My data” offers, from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.management.user_command import UserCommand
from chatsite.accounts.models import User
from chatsite.accounts.users.services import LastAdministratorError
from chatsite.databases.sqlite import secure_vacuum

# Seconds; a command has more time than a page.
VACUUM_TIMEOUT = 30.0
NAMED = (
    "accounts.User",
    "conversations.Conversation",
    "conversations.Message",
    "conversations.Feedback",
)


class Command(UserCommand):
    help = (
        "Erase a user: their account, conversations and sessions. Only how much was used on each "
        "day is kept, without a name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="do it without asking")

    def handle(self, *_: Any, **options: Any) -> None:
        user = self.find_user(options["user"])
        name = user.get_username()
        if not options["yes"] and not self.ask_to_confirm(user):
            raise CommandError("Nothing was erased.")
        try:
            gone = erase_user(user=user)
        except LastAdministratorError as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"Erased {name}: {summarize_counts(gone)}.")
        if not secure_vacuum.scrub_files(VACUUM_TIMEOUT):
            self.stderr.write(
                "Some of the text may be in the database's write-ahead log still, because somebody "
                "is reading. It goes when the server next empties it, at the latest when it stops."
            )

    def ask_to_confirm(self, user: User) -> bool:
        address = f" ({user.email})" if user.email else ""
        self.stdout.write(
            f"This erases {user.get_username()}{address} with everything that is theirs, for good. "
            "Type the username to go on: ",
            ending="",
        )
        self.stdout.flush()
        try:
            return input().strip() == user.get_username()
        except EOFError:
            return False


def summarize_counts(gone: dict[str, int]) -> str:
    """ "1 user, 3 conversations, 40 messages": what people know by these names, not the rows that
    were made of it, some of which are called the same.
    """
    counted = []
    for label in NAMED:
        if count := gone.get(label, 0):
            meta = apps.get_model(label)._meta
            name = meta.verbose_name if count == 1 else meta.verbose_name_plural
            counted.append(f"{count} {name}")
    return ", ".join(counted)
