"""Reads about accounts."""

from django.db.models import Q

from chatsite.accounts.models import User


def user_named(name: str) -> User | None:
    """Whom a username or an address stands for, as at sign-in."""
    found = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name, email__gt=""))
    # A username may look like somebody else's address; it comes first, as at sign-in.
    return next(iter(sorted(found, key=lambda user: user.username.lower() != name.lower())), None)
