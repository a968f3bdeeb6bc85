"""`manage.py recovery_link dora`: a link by which somebody chooses a new password."""

from typing import Any

from django.core.management.base import CommandError

from chatsite.accounts.management.user_command import UserCommand
from chatsite.accounts.sign_in.recovery_links import NoRecoveryPossibleError, make_recovery_link


class Command(UserCommand):
    help = "Print a link by which a user chooses a new password. It works once, for three days."

    def handle(self, *_: Any, **options: Any) -> None:
        user = self.find_user(options["user"])
        try:
            self.stdout.write(make_recovery_link(user))
        except NoRecoveryPossibleError as refused:
            raise CommandError(refused.sentence) from None
