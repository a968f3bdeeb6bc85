"""What the pages' forms send."""

import secrets
import uuid

from django.http import Http404, HttpRequest

from chatsite.accounts.access import SignedInRequest
from conversations.models import Message
from conversations.parameters.choosing import read_chosen
from conversations.services.beginnings import Choices

# No id is longer.
DIGITS = 18


def read_token(request: HttpRequest) -> str:
    """The form's own token; a form without one is never taken for another."""
    return request.POST.get("token") or secrets.token_urlsafe(16)


def read_choices(request: SignedInRequest) -> Choices:
    """What was chosen for a new chat. Raises Http404 for what can be no assistant,
    InvalidParametersError.
    """
    sent = request.POST.get("assistant", "")
    try:
        assistant_id = uuid.UUID(sent) if sent else None
    except ValueError:
        raise Http404 from None
    return Choices(
        model=read_model(request),
        assistant_id=assistant_id,
        uses_own_instructions=read_switch(request, "own_instructions"),
        parameters=read_chosen(request.user, request.POST.get("parameters", "")),
    )


def read_switch(request: HttpRequest, name: str) -> bool | None:
    """Whether a switch is on that comes after a hidden field of its name; None without either."""
    sent = request.POST.getlist(name)
    return sent[-1] == "on" if sent else None


def read_model(request: HttpRequest) -> str:
    """The model that the form names; "" where it leaves that open."""
    return request.POST.get("model", "")[:200]


def read_seen_message(request: HttpRequest) -> int | None:
    """The last message that the tab shows; others may have been sent from elsewhere since, and
    another branch may be shown.
    """
    return read_message_id(request, "seen")


def is_seen_changed(request: HttpRequest, seen: Message) -> bool:
    """Whether a reply that the tab shows as ended has been continued since (`ended_token`)."""
    shown = request.POST.get("ended") or request.GET.get("ended", "")
    return bool(shown) and shown != seen.ended_token


def read_message_id(request: HttpRequest, name: str) -> int | None:
    """The id that a field holds; None for whatever can be none."""
    sent = request.POST.get(name) or request.GET.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) <= DIGITS else None
