"""Parameters as their owner sets them: of a conversation, and of one reply that is had again with
others. A dialog over the page, or a page of its own where there are no scripts.
"""

import uuid
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.errors import UserFacingError
from chatsite.server.admission_queue import queued
from conversations import queries
from conversations.model_catalog.catalog import ModelUnavailableError, find_model
from conversations.model_catalog.picker import make_picker
from conversations.models import Conversation, Message
from conversations.parameters.definitions import BY_NAME, RESPONSE_FORMAT
from conversations.parameters.effective import layer_conversation, layer_reply, resolve
from conversations.parameters.forms import SCHEMA, ParametersForm
from conversations.parameters.models import ParameterPolicy
from conversations.parameters.rows import Row, make_row
from conversations.parameters.services import save_parameters
from conversations.presenter import present_message
from conversations.services import regenerations
from conversations.views.conversations import answer_change
from conversations.views.folders import ask
from conversations.views.forms import read_message_id, read_model, read_token
from conversations.views.refusals import refuse_message
from conversations.views.versions import answer_with_version

TEMPLATE = "conversations/_parameters_form.html"
ROWS = "conversations/_parameter_rows.html"
ALL = "all"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_parameters(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """The parameters of a conversation; saved, they hold from its next reply on."""
    conversation = queries.get_conversation(request.user, conversation_id)
    form = make_form(request, conversation)
    if request.method != "POST" or "reset" in request.POST or not form.is_valid():
        return show_form(request, conversation, form)
    save_parameters(conversation=conversation, values=form.values)
    if not request.htmx:
        return redirect(conversation)
    return answer_change(request, conversation, _("The parameters were saved."))


@never_cache
@require_POST
@signed_in
def check_parameter(request: SignedInRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """What is said below one field, while somebody types: what is wrong, or what will be sent."""
    return answer_check(request, queries.get_conversation(request.user, conversation_id))


def answer_check(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    name = request.GET.get("field", "")
    reply_id = read_message_id(request, "reply")
    form = make_form(request, conversation, checks_schema=name in (SCHEMA, RESPONSE_FORMAT.name))
    if name not in form.fields:
        raise Http404
    rows = list_rows(form, conversation, is_for_reply=reply_id is not None)
    (row,) = [each for each in rows if name in (each.name, each.schema and SCHEMA)]
    template = "schema_note" if name == SCHEMA else "note"
    return render(request, f"{ROWS}#{template}", {"row": row})


@queued
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@vary_on_headers("HX-Request")
def handle_retry_with(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """Has a reply again with other parameters, for this one time."""
    reply = queries.get_message(request.user, conversation_id, message_id)
    if reply.is_user or reply.is_running:
        raise Http404
    conversation = reply.conversation
    form = make_form(request, conversation)
    if request.method != "POST" or "reset" in request.POST or not form.is_valid():
        return show_form(request, conversation, form, reply)
    try:
        again = regenerations.regenerate_reply(
            owner=request.user,
            conversation_id=conversation_id,
            message_id=message_id,
            token=read_token(request),
            parameters=form.values,
            model=read_model(request),
        )
    except UserFacingError as error:
        if request.htmx and not isinstance(error, ModelUnavailableError):
            return refuse_message(request, conversation, error, "")
        return show_form(request, conversation, form, reply, error)
    return answer_with_version(request, again.reply, note=again.model_note)


def make_form(
    request: SignedInRequest,
    conversation: Conversation,
    *,
    checks_schema: bool = True,
    is_opened: bool = False,
) -> ParametersForm:
    """With what was typed, unless it `is_opened` only; without what a button wants to have its
    default again.
    """
    data: QueryDict | None = None
    if request.method == "POST" and not is_opened:
        data = request.POST.copy()
        for name in [*BY_NAME, SCHEMA] if data.get("reset") == ALL else [data.get("reset")]:
            data.pop(str(name), None)
    return ParametersForm(
        data,
        values=conversation.parameters,
        policy=ParameterPolicy.current(),
        of_assistant=conversation.assistant_parameters,
        user_id=request.user.pk,
        checks_schema=checks_schema,
    )


def show_form(
    request: SignedInRequest,
    conversation: Conversation,
    form: ParametersForm,
    reply: Message | None = None,
    error: UserFacingError | None = None,
    *,
    is_new: bool = False,
) -> HttpResponse:
    """`is_new`: of a chat that begins with its first message."""
    back, check_url = reverse("conversations:new"), reverse("conversations:check_new_parameter")
    if not is_new:
        back = conversation.get_absolute_url()
        check_url = reverse("conversations:check_parameter", args=[conversation.pk])
    context: dict[str, Any] = {
        "conversation": conversation,
        "is_new": is_new,
        "check_url": check_url,
        "rows": list_rows(form, conversation, is_for_reply=reply is not None),
        "reply": reply,
        "back": back,
        "error": error.sentence if error else "",
    }
    if reply:
        context["back"] += f"#m{reply.pk}"
        context["picker"] = make_picker(
            request.user, conversation, wanted=[read_model(request), reply.requested_model or ""]
        )
        context["token"] = request.POST.get("token") or present_message(reply).form_token
    status = 422 if form.errors and "reset" not in request.POST else 200
    if wrong := next((name for name in form.fields if name in form.errors), None):
        # Without it, the focus would stay where it was.
        form.fields[wrong].widget.attrs["autofocus"] = True
    if error:
        status = error.status
    if request.htmx and form.is_bound:
        return render(request, TEMPLATE, context | {"is_dialog": True}, status=status)
    return ask(request, TEMPLATE, context, status)


def list_rows(form: ParametersForm, conversation: Conversation, *, is_for_reply: bool) -> list[Row]:
    own = conversation.parameters
    values = own
    if form.is_bound:
        form.is_valid()
        values = form.values
    of_assistant = conversation.assistant_parameters
    layers = layer_conversation(values, of_assistant)
    if is_for_reply:
        layers = layer_reply(own, values, of_assistant)
    longest = find_model(conversation.model).longest_reply
    return [make_row(form, each) for each in resolve(layers, form.policy, longest_reply=longest)]
