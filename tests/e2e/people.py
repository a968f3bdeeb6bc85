"""The users of a site, and their sessions; used in the site's own Django (`Site.run`)."""

import functools
import time

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from tests.e2e.site import PASSWORD

# Hashing takes half a second, as it should.
hash_password = functools.cache(make_password)


def make_user(username: str, email: str = "", **fields: object) -> User:
    email = email or f"{username}@example.com"
    password = hash_password(PASSWORD)
    return User.objects.create(username=username, email=email, password=password, **fields)


def make_users() -> None:
    for name in ("alice", "bob"):
        make_user(name)
    set_role(make_user("roger"), Role.REVIEWER)
    set_role(make_user("ada"), Role.ADMINISTRATOR)
    make_user("rita", is_staff=True, is_superuser=True)


def make_session(username: str, *, reauthenticated: bool = False) -> str:
    """Return the cookie, a session's key, of somebody who has just signed in; or who has proved
    since then, too, who they are.
    """
    user = User.objects.get(username=username)
    client = Client()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {
            "method": "password",
            "at": time.time(),
            "username": username,
            "reauthenticated": reauthenticated,
        }
    ]
    session.save()
    return str(session.session_key)
