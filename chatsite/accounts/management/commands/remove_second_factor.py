"""`manage.py remove_second_factor dora`: for who lost theirs, when no administrator can sign in."""

from typing import Any

from chatsite.accounts.management.user_command import UserCommand
from chatsite.accounts.second_factor.services import remove_second_factor


class Command(UserCommand):
    help = "Remove a user's authenticator app, passkeys and recovery codes."

    def handle(self, *_: Any, **options: Any) -> None:
        user = self.find_user(options["user"])
        if remove_second_factor(user=user):
            self.stdout.write(f"{user} has no second factor any more; the password will do.")
        else:
            self.stdout.write(f"{user} had no second factor.")
