"""`manage.py remove_second_factor dora`: for who lost theirs, when no administrator can sign in."""

from typing import Any

from chatsite.accounts.management.user_command import UserCommand
from chatsite.accounts.second_factor import services as second_factor


class Command(UserCommand):
    help = "Remove a user's authenticator app, passkeys and recovery codes."

    def handle(self, *_: Any, **options: Any) -> None:
        user = self.user(options["user"])
        if second_factor.remove(user=user):
            self.stdout.write(f"{user} has no second factor any more; the password will do.")
        else:
            self.stdout.write(f"{user} had no second factor.")
