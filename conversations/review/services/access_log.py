"""Notes down who looked at what, before it is shown to them."""

from typing import Any, cast

from django.http import HttpRequest

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import AccessEntry


def record(
    request: HttpRequest,
    kind: AccessEntry.Kind,
    *,
    conversation: Conversation | None = None,
    subject: str = "",
    terms: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    AccessEntry.objects.create(
        actor=cast(User, request.user).pseudonym,
        subject=subject,
        kind=kind,
        conversation=conversation.pk if conversation else None,
        details=details or {},
    )
