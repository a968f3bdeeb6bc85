"""Signing in by password: allauth's backend, and nobody's password where passwords are off."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.http import HttpRequest

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.users.queries import find_user_by_id, find_user_by_username


class AuthenticationBackend(AllauthBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        user = find_user_by_id(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        # allauth tries a typed address as a username and as an address, and hashes twice where
        # there is an account: the time would tell.
        if credentials.get("email") == credentials.get("username"):
            credentials.pop("email", None)
        user: User | None = super().authenticate(request, **credentials)
        return user

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        """allauth asks the database to ignore case, and SQLite knows that of ASCII alone."""
        return self._check_password(find_user_by_username(username), password)

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """By an account's own address, however it is typed; other addresses as allauth does."""
        owner = User.objects.filter(email_key=fold_name(email), email_key__gt="").first()
        user: User | None = super()._authenticate_by_email(
            owner.email if owner else email, password
        )
        return user

    def _check_password(self, user: User | None, password: str) -> User | None:
        if user and not user.may_use_password:
            # As long as a wrong one takes, and with the same answer.
            self._did_check_password = True
            user.check_password(password)
            return None
        checked: User | None = super()._check_password(user, password)
        return checked
