"""Notes down who looked at what, before it is shown to them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chatsite.accounts.models import User
from chatsite.accounts.sign_in.adapter import UNKNOWN_ADDRESS
from conversations.models import Conversation, Message
from conversations.review.audit import reasons, search_words
from conversations.review.identities import find_owner_pseudonym
from conversations.review.models import AccessEntry, Disclosure
from conversations.search.normalizing import normalize_text

# In the details of an entry about what its owner had deleted: they aren't told of it.
DELETED = "deleted"
SALT = "conversations.review.access_log"


def record_access(
    request: HttpRequest,
    kind: AccessEntry.Kind,
    *,
    conversation: Conversation | None = None,
    subject: str = "",
    terms: str = "",
    details: dict[str, Any] | None = None,
    shown: Iterable[Conversation] = (),
) -> AccessEntry:
    """`subject` is a pseudonym, if not that of the conversation's owner; `details` are numbers and
    choices, never what somebody typed; `shown` is what a list shows something of.
    """
    # Without a savepoint of its own: it fails, and nothing is shown.
    if conversation and conversation.owner_id is None:
        details = (details or {}) | {DELETED: True}
    with transaction.atomic(savepoint=False):
        entry = AccessEntry.objects.create(
            actor=cast(User, request.user).pseudonym,
            subject=subject or (find_owner_pseudonym(conversation) if conversation else ""),
            kind=kind,
            conversation=conversation.pk if conversation else None,
            reason=reasons.given_reason(request),
            address=find_address(request),
            terms=search_words.remember_words(terms, hash_terms(terms)),
            details=details or {},
        )
        record_disclosures(entry, shown)
    return entry


def has_opened(reader: User, conversation: Conversation) -> bool:
    """Within the time that a reason holds for, and as it is by now: what has been written since
    was not looked at.
    """
    since = timezone.now() - timedelta(seconds=reasons.KEPT)
    written = Message.objects.filter(conversation=conversation.pk).aggregate(
        last=Greatest(Max("created_at"), Coalesce(Max("finished_at"), Max("created_at")))
    )
    since = max(since, written["last"] or since)
    opened = AccessEntry.objects.filter(
        conversation=conversation.pk, kind=AccessEntry.Kind.TRANSCRIPT, at__gte=since
    )
    return opened.filter(actor=reader.pseudonym).exists()


def record_disclosures(entry: AccessEntry, shown: Iterable[Conversation]) -> None:
    """One insertion, however many they are; each conversation once."""
    Disclosure.objects.bulk_create(
        Disclosure(
            entry=entry,
            person=find_owner_pseudonym(conversation),
            conversation=conversation.pk,
            is_told=conversation.owner_id is not None,
        )
        for conversation in {each.pk: each for each in shown}.values()
    )


def find_address(request: HttpRequest) -> str | None:
    """The one that rate limits count by, which believes trusted proxies alone."""
    address = get_adapter(request).get_client_ip(request)
    return None if address == UNKNOWN_ADDRESS else address


def hash_terms(terms: str) -> str:
    """Equal for what is searched for alike; without the site's secret key nobody can try words."""
    folded = " ".join(normalize_text(terms).split())
    return salted_hmac(SALT, folded, algorithm="sha256").hexdigest() if folded else ""
