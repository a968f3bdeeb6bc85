"""What the owner thinks of a reply: one URL takes it, changes it and takes it back."""

import uuid
from typing import Any, TypedDict

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.accounts.models import User
from chatsite.core.http import safe_local_path
from conversations import queries
from conversations.models import Conversation, Feedback, Message
from conversations.presenter import FeedbackForm, present_message, present_messages
from conversations.services import feedback as services
from conversations.views.context import make_page_context
from conversations.views.refusals import refuse_with_sentence


@never_cache
@require_POST
@signed_in
def handle_feedback(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponse:
    """A rating alone is a click; with a comment comes whatever its user has to say. No rating takes
    all of it back.
    """
    try:
        message = save_sent_feedback(request, conversation_id, message_id)
    except services.InvalidFeedbackError as error:
        message = queries.get_message(request.user, conversation_id, message_id)
        return refuse_with_sentence(
            request, error, lambda sentence: make_refused_context(request, message, sentence)
        )
    is_click = "comment" not in request.POST
    if not request.htmx:
        # A browser opens what is folded up to show the place that an address names.
        place = "why-form" if is_click and message.given_feedback else "feedback"
        return redirect(f"{find_form_page(request, message.conversation)}#m{message.pk}-{place}")
    form = FeedbackForm(is_open=is_click, is_answered=not is_click)
    context = {
        "view": present_message(message, form),
        "announcement": make_announcement(message, is_click),
    }
    return render(request, "conversations/_feedback.html", context)


class ReplyKey(TypedDict):
    owner: User
    conversation_id: uuid.UUID
    message_id: int


def save_sent_feedback(
    request: SignedInRequest, conversation_id: uuid.UUID, message_id: int
) -> Message:
    reply = ReplyKey(owner=request.user, conversation_id=conversation_id, message_id=message_id)
    rating = request.POST.get("rating", "")
    if not rating:
        return services.take_back_feedback(**reply)
    if "comment" not in request.POST:
        return services.give_feedback(**reply, rating=rating)
    reason, comment = request.POST.get("reason", ""), request.POST["comment"]
    return services.explain_feedback(**reply, rating=rating, reason=reason, comment=comment)


def make_announcement(message: Message, is_click: bool) -> str:
    if not message.given_feedback:
        return _("Your feedback was taken back.")
    if is_click:
        return _("Your feedback is saved. You can say why below.")
    return _("Your feedback is saved.")


def find_form_page(request: SignedInRequest, conversation: Conversation) -> str:
    """The page of the conversation that the form was on: perhaps one of earlier messages."""
    url = conversation.get_absolute_url()
    page = safe_local_path(request.headers.get("Referer", ""))
    return page if page.startswith(url) and "/feedback/" not in page else url


def make_refused_context(
    request: SignedInRequest, message: Message, sentence: str
) -> dict[str, Any]:
    """The page that has the sentence, and what was typed."""
    page = queries.read_message_page(message.conversation, message.pk)
    for shown in page.messages:
        if shown.pk == message.pk:
            restore_sent_feedback(request, shown)
    context = make_page_context(request, message.conversation, page)
    form = FeedbackForm(is_open=True, error=sentence)
    views = present_messages(page.messages, feedback_forms={message.pk: form})
    return context | {"message_views": views}


def restore_sent_feedback(request: SignedInRequest, message: Message) -> None:
    """What was sent, as if it were the message's feedback."""
    rating = request.POST.get("rating", "")
    Feedback(
        message=message,
        rating=rating if rating in Feedback.Rating.values else Feedback.Rating.DOWN,
        reason=request.POST.get("reason", ""),
        comment=request.POST.get("comment", ""),
    )
