"""Reads about users: who is meant by a name."""

from django.db.models import Q

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name


def user_named(name: str) -> User | None:
    """Whom a username or an address stands for, as at sign-in."""
    return _best_match(name, Q(email_key=fold_name(name), email_key__gt=""))


def user_with_username(username: str) -> User | None:
    """Whom a username stands for, however it is written."""
    return _best_match(username, Q())


def _best_match(name: str, or_else: Q) -> User | None:
    """A username may look like another user's address, and comes first; to the letter first of
    all, as accounts from before names were folded may share a folded one.
    """
    key = fold_name(name)
    found = User.objects.filter(Q(username=name) | Q(username_key=key) | or_else)
    return min(
        found, key=lambda user: (user.username != name, user.username_key != key), default=None
    )
