"""What the model is told in a conversation, for its owner: all of it, and whether their own
instructions are a part. A dialog over the page, or a page of its own where there are no scripts.
"""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations import queries
from conversations.attachments.tokens import estimate_text_tokens
from conversations.instructions import composing
from conversations.instructions.parts import PromptParts
from conversations.instructions.wording import list_sections
from conversations.models import Conversation
from conversations.services import system_prompts
from conversations.views.conversations import Toast, answer_change
from conversations.views.folders import ask

TEMPLATE = "conversations/instructions/_told.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_instructions(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    conversation = queries.get_conversation(request.user, conversation_id)
    if request.method != "POST":
        return ask(request, TEMPLATE, make_context(request, conversation))
    has_changed = system_prompts.use_own_instructions(
        owner=request.user,
        conversation_id=conversation_id,
        is_used="own_instructions" in request.POST,
        is_renewed="renew" in request.POST,
    )
    if not request.htmx:
        return redirect(conversation)
    said = _("Saved. It holds from the next reply on.") if has_changed else _("Nothing changed.")
    return answer_change(request, conversation, Toast(said))


def make_context(request: SignedInRequest, conversation: Conversation) -> dict[str, Any]:
    """What the next reply is told."""
    stored = PromptParts.from_stored(conversation.prompt_parts, conversation.system_prompt)
    parts = composing.hold_preamble(stored, request.user)
    own = composing.read_own(request.user)
    return {
        "conversation": conversation,
        "sections": list_sections(conversation, parts, own_heading=_("Your instructions")),
        "tokens": estimate_text_tokens(parts.compose()),
        "note": queries.find_newest_note(conversation),
        "is_used": bool(parts.own),
        "has_own": bool(parts.own or own),
        "is_outdated": bool(parts.own and own and composing.compose_own(own, True) != parts.own),
        "back": conversation.get_absolute_url(),
    }
