"""Reads about users: who is meant by a name."""

from django.db.models import BigIntegerField, Q

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.core.prepared import PreparedQuery, Slot

BY_ID = PreparedQuery(lambda: User.objects.filter(pk=Slot("pk", BigIntegerField())))


def find_user_by_id(user_id: int) -> User | None:
    """Find who is signed in: asked with every request."""
    return BY_ID.find(pk=user_id)


def find_user_by_login(name: str) -> User | None:
    """Find the user whose username or address this is, as at sign-in."""
    return find_best_match(name, Q(email_key=fold_name(name), email_key__gt=""))


def find_user_by_username(username: str) -> User | None:
    """Find the user of a username, however it is written."""
    return find_best_match(username, Q())


def find_best_match(name: str, or_else: Q) -> User | None:
    """Find the best match: a username may look like another's address, and comes first; to the
    letter first of all, as accounts from before names were folded may share a folded one.
    """
    key = fold_name(name)
    found = User.objects.filter(Q(username=name) | Q(username_key=key) | or_else)
    return min(
        found, key=lambda user: (user.username != name, user.username_key != key), default=None
    )
