"""Erase a user: in one transaction every row that is theirs or names them, and at once after it
the database's files (`chatsite.databases.sqlite.secure_vacuum`).

What hangs on the user by a foreign key goes with them, and what hangs on that. An app that keeps
more — files, work that is running, text beside the keys — connects a receiver to
`signals.user_erased` in its `ready()`: the receiver deletes its rows, and leaves what a rollback
couldn't undo to `transaction.on_commit`.

What stays is what can't be told to be theirs: how much was used on each day, in the row that all
erased users share; the invitations they made and the accounts that came of them.
"""

import json
from collections.abc import Iterable
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Model, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from chatsite.accounts.models import Invitation, Limit, User
from chatsite.accounts.signals import user_erased
from chatsite.accounts.users.services import ensure_administrator_remains
from chatsite.core.locks import retry_on_conflict
from chatsite.core.offload import offload
from chatsite.databases.sqlite import secure_vacuum

# Sessions read at a time.
BATCH_SIZE = 500

# The column names are the model's; SQLite asks for a WHERE before ON CONFLICT.
KEEP_USAGE = """
INSERT INTO accounts_usageday AS total
    (user_id, day, messages, prompt_tokens, completion_tokens, cost_usd)
SELECT NULL, day, messages, prompt_tokens, completion_tokens, cost_usd
FROM accounts_usageday WHERE user_id = %s
ON CONFLICT (day) WHERE user_id IS NULL DO UPDATE SET
    messages = total.messages + excluded.messages,
    prompt_tokens = total.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = total.completion_tokens + excluded.completion_tokens,
    cost_usd = total.cost_usd + excluded.cost_usd
"""


@retry_on_conflict
def erase_user(*, user: User) -> dict[str, int]:
    """Erase a user and return how many rows of each model went; none when another was faster.

    Raises LastAdministratorError.
    """
    keys = find_session_keys(user)
    with transaction.atomic():
        ensure_administrator_remains(without=user)
        # A message that is being sent is waited for; the next finds no user.
        found = User.objects.select_for_update().filter(pk=user.pk).first()
        if found is None:
            return {}
        user_erased.send(sender=User, user=found)
        add_usage_to_erased(found)
        delete_log_entries(found)
        delete_sessions(found, keys)
        _all, gone = found.delete()
        # Robust: the rows are gone, whatever becomes of this.
        transaction.on_commit(secure_vacuum.scrub_files, robust=True)
    return gone


def add_usage_to_erased(user: User) -> None:
    """Upsert the user's usage into the anonymous rows of the same days."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP_USAGE, [user.pk])


def delete_log_entries(user: User) -> None:
    """Delete the administration's log of what was done to the account; what they did themselves
    goes with them.
    """
    invitations = blank_invitations(user)
    limits = Limit.objects.filter(user=user).values_list("pk", flat=True)
    about = (
        build_log_filter(User, [user.pk])
        | build_log_filter(Limit, limits)
        | build_log_filter(Invitation, invitations)
    )
    for name in {user.username, *list_addresses(user)}:
        about |= Q(content_type__app_label="accounts", object_repr__iexact=name)
    LogEntry.objects.filter(about).delete()


def build_log_filter(model: type[Model], pks: Iterable[int]) -> Q:
    kind = ContentType.objects.get_for_model(model)
    return Q(content_type=kind, object_id__in=[str(pk) for pk in pks])


def blank_invitations(user: User) -> list[int]:
    """Blank the addresses of the invitations for them, and return the ids of these.

    One without an address is for whoever has the link, so it is revoked too.
    """
    theirs = Q(pk=user.invitation_id) & ~Q(email="")
    for address in list_addresses(user):
        theirs |= Q(email__iexact=address)
    pks = list(Invitation.objects.filter(theirs).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=pks).update(
        email="", revoked_at=Coalesce("revoked_at", timezone.now())
    )
    return pks


def list_addresses(user: User) -> set[str]:
    others = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {user.email, *others} - {""}


# Sessions: whose one is stands in signed data, which no query can look into.


def find_session_keys(user: User) -> list[str]:
    """Return the keys of the sessions in which they are signed in, or were about to be.

    All sessions are read, away from the event loop. allauth's own list lacks those that it didn't
    begin.
    """
    traces = [f'"user_pk": "{user_pk_to_url_str(user)}"', *list_addresses(user)]
    keys: list[str] = []
    last = ""
    while rows := list(
        Session.objects.filter(session_key__gt=last)
        .order_by("session_key")
        .values_list("session_key", "session_data")[:BATCH_SIZE]
    ):
        keys += offload(filter_session_keys, rows, str(user.pk), traces)
        last = rows[-1][0]
    return keys


def filter_session_keys(
    rows: Iterable[tuple[str, str]], user: str, traces: Iterable[str]
) -> list[str]:
    found = []
    store = open_session_store()
    for key, signed in rows:
        data = store.decode(signed)
        if owner := data.get(SESSION_KEY):
            is_theirs = str(owner) == user
        else:
            text = json.dumps(data, default=str, ensure_ascii=False).casefold()
            is_theirs = any(trace.casefold() in text for trace in traces)
        if is_theirs:
            found.append(key)
    return found


def delete_sessions(user: User, keys: Iterable[str]) -> None:
    """Delete the sessions that were found, and those that have begun since."""
    store = open_session_store()
    begun = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    for key in {*keys, *begun}:
        store.delete(key)


def open_session_store() -> SessionBase:
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    return store
