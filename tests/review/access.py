"""Accesses to have been logged."""

from typing import Any

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import AccessEntry


def logged(by: User, of: User | None = None, **fields: Any) -> AccessEntry:
    usual: dict[str, Any] = {"kind": AccessEntry.Kind.TRANSCRIPT, "address": "192.0.2.1"}
    subject = of.pseudonym if of else ""
    return AccessEntry.objects.create(actor=by.pseudonym, subject=subject, **(usual | fields))


def opened(by: User, conversation: Conversation, **fields: Any) -> AccessEntry:
    return logged(by, conversation.owner, conversation=conversation.pk, **fields)
