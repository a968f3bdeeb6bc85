"""Links within a transcript, which keep its place in the queue, and reviewers' names."""

import uuid
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from chatsite.accounts.models import User
from conversations.instructions.parts import PromptParts
from conversations.instructions.wording import Section, list_sections
from conversations.model_catalog.catalog import name_model
from conversations.models import Conversation, Message
from conversations.parameters.wording import describe_own, list_parameter_details
from conversations.review.transcript.url_state import BRANCH, MESSAGE, PAST, UP_TO

register = template.Library()


@register.filter
def reviewer_name(user: User | None) -> str:
    """Reviewers see each other's names."""
    return user.username if user else gettext("a former reviewer")


@register.simple_tag(takes_context=True)
def transcript_of(context: Context, conversation_id: uuid.UUID) -> str:
    """Another conversation's, or the beginning of this one's."""
    return transcript_url(conversation_id, context["filters"].query)


@register.simple_tag(takes_context=True)
def message_address(context: Context, message_id: int) -> str:
    """Opens the branch and the page that hold a message."""
    query = join_queries(context["filters"].query, {MESSAGE: message_id})
    return f"{transcript_url(context['review'].pk, query)}#m{message_id}"


@register.simple_tag(takes_context=True)
def page_address(context: Context, *, up_to: int | None = None, past: int | None = None) -> str:
    """Another page of the branch that is shown."""
    places = {BRANCH: context["transcript_page"].branch, UP_TO: up_to, PAST: past}
    query = join_queries(context["filters"].query, places)
    return transcript_url(context["review"].pk, query)


def join_queries(query: str, places: dict[str, int | None]) -> str:
    own = urlencode({name: pk for name, pk in places.items() if pk is not None})
    return "&".join(part for part in (query, own) if part)


def transcript_url(conversation_id: uuid.UUID, query: str) -> str:
    path = reverse("admin:review_review_change", args=[conversation_id])
    return f"{path}?{query}" if query else path


@register.filter
def prompt_sections(conversation: Conversation, owner: str) -> list[Section]:
    """Return what its model is told, part for part; `owner` is what its user is called here."""
    parts = PromptParts.from_stored(conversation.prompt_parts, conversation.system_prompt)
    return list_sections(conversation, parts.conceal_name(owner))


@register.filter
def model_name(identifier: str) -> str:
    return name_model(identifier)


@register.filter
def asked_model(reply: Message) -> str:
    """Return the model that was asked, and what answered by its own account, if that isn't it."""
    asked, answered = reply.requested_model, reply.model
    if asked is None:
        return answered
    if answered in ("", asked):
        return name_model(asked)
    return gettext("%(asked)s, answered as %(answered)s") % {
        "asked": name_model(asked),
        "answered": answered,
    }


@register.filter
def own_parameters(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return those that a conversation has, in words."""
    return describe_own(values)


@register.filter
def kept_parameters(kept: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return those that a reply was made with, in words."""
    return list(list_parameter_details(kept))
