"""`manage.py invite dora@example.com`: make an invitation, mail it where mail is set up."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from chatsite.accounts.invitations.services import (
    build_invitation_link,
    create_invitation,
    find_invitation_warning,
)
from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.roles import Role


class Command(BaseCommand):
    help = "Make an invitation and print its link. With mail set up, it is sent to the address too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="?", default="", help="whom it is for; empty: anybody")
        parser.add_argument("--uses", type=int, default=1, help="accounts that may be made with it")
        parser.add_argument("--days", type=float, default=7, help="until it expires (7)")
        parser.add_argument("--role", choices=Role.values, default=Role.USER.value)
        parser.add_argument("--group", help="the name of a group that new accounts join")

    def handle(self, *_: Any, **options: Any) -> None:
        email: str = options["email"]
        check_arguments(email, uses=options["uses"], days=options["days"])
        invitation = create_invitation(
            email=email,
            uses_allowed=options["uses"],
            role=Role(options["role"]),
            group=find_group(options["group"]),
            expires_at=timezone.now() + timedelta(days=options["days"]),
        )
        self.stdout.write(build_invitation_link(invitation))
        if warning := find_invitation_warning():
            self.stderr.write(warning)
        if email and settings.EMAIL_CONFIGURED:
            self.stderr.write(f"A mail to {email} is on its way.")


def check_arguments(email: str, *, uses: int, days: float) -> None:
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is no email address.") from None
        if User.objects.filter(email_key=fold_name(email)).exists():
            raise CommandError(f"There is an account with the address {email} already.")
    if uses < 1 or days <= 0:
        raise CommandError("--uses and --days must be more than 0.")
    if email and uses > 1:
        raise CommandError("An invitation for an address is for one use. Leave out --uses.")


def find_group(name: str | None) -> Group | None:
    if not name:
        return None
    group = Group.objects.filter(name=name).exclude(name__in=Role.values).first()
    if group is None:
        raise CommandError(f"There is no group “{name}”. Make it in the administration first.")
    return group
