"""What the templates of the pages are given."""

import re
import secrets
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.access import SignedInRequest
from chatsite.accounts.budgets.status import compute_budget_status
from chatsite.accounts.models import SitePolicy
from chatsite.accounts.policy.starters import parse_starters
from chatsite.core.pagination import Page
from conversations import queries
from conversations.assistants.new_chat import read_assistants
from conversations.assistants.queries import has_any, has_newer_version, has_usable
from conversations.attachments.queries import list_unsent_files
from conversations.comparisons.chips import make_chip_context_again
from conversations.comparisons.services import find_second_reply
from conversations.context_usage import ContextUsage, measure_context
from conversations.instructions.composing import read_own
from conversations.model_catalog.catalog import get_context_budget
from conversations.models import Conversation
from conversations.parameters.choosing import parse, to_field
from conversations.parameters.wording import describe_own
from conversations.presenter import MessageView, present_message, present_messages
from conversations.prompt_counts import PromptCounts
from conversations.queries import BY_ACTIVITY, MessagePage
from conversations.services.replies import renderings
from conversations.views import day_groups
from conversations.views.forms import is_seen_changed, read_seen_message, read_switch

# Tells the sidebar of the page to fetch its list again.
CHANGED = "conversations:changed"
# The name of a new chat's draft; others have that of their conversation or folder.
NEW_CHAT = "new"
# Has a page of messages fetch what it lacks.
SHOWN_AGAIN = "page:shown"
UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
SHOWN = re.compile(f"/c/{UUID}/")
SHOWN_FOLDER = re.compile(f"/folders/{UUID}/")


def make_page_context(
    request: SignedInRequest, conversation: Conversation | None, page: MessagePage | None = None
) -> dict[str, Any]:
    """What a whole page shows: the sidebar and the main column."""
    sidebar = make_sidebar_context(request, conversation)
    return sidebar | make_column_context(request, conversation, page)


def make_column_context(
    request: SignedInRequest, conversation: Conversation | None, page: MessagePage | None = None
) -> dict[str, Any]:
    """The main column of a page; without `page` the end of the conversation, if there is one:
    where a script shows it in the place of another, only what is seen of it at first.
    """
    is_short = page is None and bool(request.htmx)
    if page is None:
        page = queries.read_message_page(conversation) if conversation else MessagePage([], None)
    budget_status = compute_budget_status(request.user)
    draft = str(conversation.pk) if conversation else NEW_CHAT
    context = make_main_context(conversation, page, budget_status.budget_hint, is_short=is_short)
    context["held_limits"] = budget_status.limits
    if conversation is None:
        context["own_instructions"] = make_own_instructions_context(request)
        if sent := request.POST.get("parameters"):
            context["new_parameters"] = make_new_parameters(parse(sent))
        context |= make_assistants_context(request)
        context |= make_chip_context_again(request.user, request.POST.get("compare", ""))
    else:
        context["has_newer_version"] = has_newer_version(request.user, conversation)
    return context | make_files_context(request, draft)


def make_own_instructions_context(request: SignedInRequest) -> dict[str, bool] | None:
    """Whether a new chat is to have its user's instructions, as was sent or else as is usual; None
    where there are none.
    """
    own = read_own(request.user)
    sent = read_switch(request, "own_instructions")
    return {"is_used": own.is_on if sent is None else sent} if own else None


def make_new_parameters(values: Mapping[str, Any]) -> dict[str, str] | None:
    """What a new chat carries of parameters, and how it says so; None of none."""
    words = " · ".join(f"{label}: {value}" for label, value in describe_own(dict(values)))
    return {"value": to_field(values), "words": words or _("Parameters")} if values else None


def make_assistants_context(request: SignedInRequest) -> dict[str, Any]:
    """What a new chat offers of assistants, and what the one that it begins with brings along; what
    was sent says which that is, or what the address says.
    """
    sent = request.POST.get("assistant") if request.method == "POST" else None
    found = read_assistants(request.user, request.GET.get("assistant") if sent is None else sent)
    context: dict[str, Any] = {"assistants": found}
    if found.sentence:
        context["error"] = found.sentence
    if not found.chosen or not found.chosen.latest:
        return context
    starters = parse_starters(found.chosen.latest.starters)
    begin = request.GET.get("begin", "")
    if begin.isdecimal() and len(begin) < 3 and 0 < int(begin) <= len(starters):
        context["draft"] = starters[int(begin) - 1][1]
    return context | {"starters": starters}


def make_files_context(request: SignedInRequest, draft: str) -> dict[str, Any]:
    """What waits in the box of this name, to be sent with its next message."""
    return {"unsent_files": list_unsent_files(request.user, draft)}


def present_changed(request: SignedInRequest, conversation: Conversation) -> list[MessageView]:
    """Return the last message that a tab shows, if it has been continued elsewhere since."""
    seen = read_seen_message(request)
    if seen is None or not (request.POST.get("ended") or request.GET.get("ended")):
        return []
    found = conversation.messages.filter(pk=seen).select_related("feedback").first()
    return [present_message(found)] if found and is_seen_changed(request, found) else []


def make_main_context(
    conversation: Conversation | None,
    page: MessagePage,
    budget_hint: str | None = None,
    *,
    is_short: bool = False,
) -> dict[str, Any]:
    # What the context holds is known from all of the page, the last reply may be far up in it.
    usage = measure_page(conversation, page) if conversation else None
    if is_short:
        page = queries.shorten_page(page)
    messages = list(page.messages)
    if conversation and messages and (second := find_second_reply(conversation, messages[-1])):
        messages.append(second)
    renderings.refresh_html(messages)
    compared = conversation.compared if conversation else None
    context: dict[str, Any] = {
        "conversation": conversation,
        "page": page,
        "message_views": present_messages(messages, compared=compared, is_read_only=page.is_cut),
        "form_token": secrets.token_urlsafe(16),
        "budget_hint": budget_hint,
        "context_usage": usage,
        "offers_assistants": has_any(),
        "is_running": any(message.is_running for message in messages),
    }
    if conversation is None:
        context |= {
            "greeting": _("What would you like to talk about?"),
            "starters": parse_starters(SitePolicy.current().starters),
        }
    return context


def measure_page(conversation: Conversation, page: MessagePage) -> ContextUsage | None:
    """How full the context is, if the page ends where the shown branch does and tells."""
    if not page.messages or page.messages[-1].pk != conversation.leaf_id:
        return None
    return measure_context(
        page.messages,
        system_prompt=conversation.system_prompt,
        budget=get_context_budget(conversation),
        counts=PromptCounts.for_next(conversation),
    )


def render_branch(
    request: SignedInRequest,
    conversation: Conversation,
    page: MessagePage,
    *,
    budget_hint: str | None = None,
    is_activity: bool = False,
    toast: object = None,
) -> HttpResponse:
    """What a page of messages lacks of the shown branch, and a fresh form below it."""
    context = make_main_context(conversation, page, budget_hint)
    context |= {
        "changed_views": present_changed(request, conversation),
        "branch_end": conversation.leaf_id,
        "toast": toast,
    }
    response = render(request, "conversations/detail.html#turn", context)
    if is_activity:
        response["HX-Trigger"] = CHANGED
    return response


def make_sidebar_context(
    request: SignedInRequest,
    conversation: Conversation | None = None,
    folder_id: uuid.UUID | None = None,
    *,
    around: str = "",
) -> dict[str, Any]:
    """The list of a page that shows this conversation, which is in it wherever it stands, or this
    folder. That of the conversation is marked, too. `around`: a cursor, where the list is read.
    """
    if around:
        page = queries.list_conversations_at(request.user, around)
    elif conversation is None:
        page = queries.list_conversations(request.user)
    else:
        page = queries.list_conversations_around(request.user, conversation)
    return make_list_context(request, page) | {
        "pinned": list(queries.list_pinned_conversations(request.user)),
        "active_id": conversation.pk if conversation else None,
        "folders": list(queries.list_folders(request.user)),
        # Only what shows the sidebar around the list asks.
        "has_assistants": partial(has_usable, request.user),
        "shown_folder_id": folder_id,
        "active_folder_id": conversation.folder_id if conversation else None,
    }


def make_list_context(request: SignedInRequest, page: Page[Conversation]) -> dict[str, Any]:
    return {
        "running_ids": queries.list_running_ids(request.user),
        "groups": day_groups.group_by_day(page.rows),
        "next_cursor": page.next,
        "previous_cursor": page.previous,
    }


def make_older_context(request: SignedInRequest, cursor: str) -> dict[str, Any]:
    """What follows the list that ended at `cursor`."""
    context = make_list_context(request, queries.list_conversations(request.user, after=cursor))
    groups = context["groups"]
    return context | {
        "previous_cursor": "",
        "active_id": find_active_id(request),
        "continues": bool(groups) and groups[0][0] == find_label_at(cursor),
        "is_part": True,
    }


def make_newer_context(request: SignedInRequest, cursor: str) -> dict[str, Any]:
    """What comes before the list that began at `cursor`, up to the label of its first day."""
    context = make_list_context(request, queries.list_conversations(request.user, before=cursor))
    groups, label = context["groups"], find_label_at(cursor)
    return context | {
        "next_cursor": "",
        "active_id": find_active_id(request),
        "label_below": "" if groups and groups[-1][0] == label else label,
        "is_part": True,
    }


def find_label_at(cursor: str) -> str:
    """The label under which the conversation at `cursor` is listed."""
    return day_groups.format_day_label(BY_ACTIVITY.read_cursor(cursor)[0], timezone.localdate())


def find_active_id(request: HttpRequest) -> uuid.UUID | None:
    """The conversation that the page around the list shows."""
    shown = SHOWN.search(request.headers.get("HX-Current-URL", ""))
    return uuid.UUID(shown[1]) if shown else None


def find_shown_folder_id(request: HttpRequest) -> uuid.UUID | None:
    """The folder whose page is around the list."""
    shown = SHOWN_FOLDER.search(request.headers.get("HX-Current-URL", ""))
    return uuid.UUID(shown[1]) if shown else None
