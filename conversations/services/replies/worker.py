"""One reply, from claim to finish: asks the model, hands its words to the live reply, saves the
outcome.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from chatsite.core.database_errors import is_unavailable
from chatsite.core.log_context import bind_context, carry_context
from conversations import rendering, status_messages
from conversations.model_api import (
    CallCancelledError,
    ChatMessage,
    Delta,
    ModelError,
    Prices,
    ReplyStream,
    Usage,
    split_unopened_thinking,
)
from conversations.model_catalog.catalog import find_model, get_prices
from conversations.models import Message
from conversations.parameters.effective import make_request
from conversations.services import model_titles
from conversations.services.change_feed import publish_change
from conversations.services.model_client import get_model_client
from conversations.services.replies import prompts, renderings, saving, usage
from conversations.services.replies.channel import BOOT_ID, LiveReply, get_channel
from conversations.services.replies.endings import Ending
from conversations.services.replies.file_fallback import FileFallback
from conversations.services.replies.growing_html import share_html
from conversations.services.replies.highlighting import ReplyHighlighting, highlight_saved
from conversations.services.replies.traces import trace_writer
from conversations.services.replies.usage import Spent
from conversations.signals import reply_ended

logger = logging.getLogger(__name__)


@dataclass
class ReplyOutcome:
    """How a reply ended, as it is saved; `sent` and `is_billable` tell what it may have cost."""

    status: Message.Status = Message.Status.COMPLETE
    error_code: str = ""
    retry_after: float | None = None
    finish_reason: str = ""
    model: str = ""
    usage: Usage | None = None
    first_token_at: datetime | None = None
    context_start: int | None = None
    sent: list[ChatMessage] = field(default_factory=list)
    # Of the model that is asked, read before: the database may be away at the end.
    prices: Prices = field(default_factory=Prices)
    file_fallback: FileFallback | None = None
    is_billable: bool = False
    spent: Spent | None = None
    began_at: datetime = field(default_factory=timezone.now)


def start_writer(message: Message) -> None:
    """Writes the reply in a thread of its own; it can be followed and stopped at once."""
    reply = get_channel().open_reply(message)
    publish_change(message.conversation.owner_id)
    name = f"reply-{message.pk}"
    try:
        threading.Thread(
            target=carry_context(trace_writer(run_writer)),
            args=(reply, message),
            name=name,
            daemon=True,
        ).start()
    except RuntimeError:
        # No more threads: recovery finds the reply once it has been silent for long enough.
        get_channel().close_reply(reply)
        raise


def run_writer(reply: LiveReply, message: Message) -> None:
    bind_context(reply=str(message.pk))
    outcome, began = ReplyOutcome(), time.monotonic()
    is_claimed = False
    title: model_titles.AwaitedTitle | None = None
    # Held until the end: what followers had of its colours is saved with it.
    html = share_html(reply)
    try:
        is_claimed = claim_reply(message)
        if is_claimed:
            call_model(reply, message, outcome)
            # Before anybody can see the reply finished: who does then waits for its title.
            title = model_titles.expect_title(
                message, outcome.sent, reply.text, status=outcome.status
            )
            save_outcome(reply, message, outcome, html.highlighting)
            if outcome.file_fallback and outcome.first_token_at:
                outcome.file_fallback.conclude(outcome.sent)
    except Exception as error:
        # The last line of defence: without it the reply would seem to run for ever.
        logger.exception("reply %s broke", reply.pk)
        outcome.status = Message.Status.FAILED
        outcome.error_code = "database" if is_unavailable(error) else "internal"
        values = {
            "status": outcome.status,
            "error_code": outcome.error_code,
            "text": reply.text,
            "reasoning": reply.reasoning,
            "finished_at": timezone.now(),
        }
        spent_on_it = measure_usage(outcome, read_new_words(reply, message))
        saving.save_ending(reply, make_ending(message, values, spent_on_it, is_claimed=is_claimed))
    finally:
        get_channel().close_reply(reply)
        connection.close()
        reply_ended.send_robust(Message, outcome=outcome, seconds=time.monotonic() - began)
        if title:
            model_titles.get_pool().ask(title)


def claim_reply(message: Message) -> bool:
    """Takes the reply for this process; false when it was stopped or deleted meanwhile.

    A new one is this process's from its INSERT on, one that is continued is still to be taken.
    """
    if message.status == Message.Status.STREAMING and message.writer == BOOT_ID:
        return True
    now = timezone.now()
    pending = Message.objects.filter(pk=message.pk, status=Message.Status.PENDING)
    return bool(
        pending.update(
            status=Message.Status.STREAMING,
            writer=BOOT_ID,
            started_at=now,
            heartbeat_at=now,
        )
    )


def call_model(reply: LiveReply, message: Message, outcome: ReplyOutcome) -> None:
    """Calls the model and streams its words into the live reply."""
    try:
        model = message.requested_model or message.model
        outcome.prices = get_prices(model)
        replay = prompts.replay_branch_above(message)
        fallback = outcome.file_fallback = FileFallback(find_model(model))
        outcome.context_start, outcome.sent = replay.first_id, fallback.prepare(replay.messages)
        # A connection held while the model writes is one that a page is waiting for.
        connection.close()
        while True:
            try:
                stream_words(reply, message, outcome)
                break
            except ModelError as error:
                if outcome.first_token_at:
                    raise
                instead = fallback.find_other_way(error, outcome.sent)
                if instead is None:
                    raise
                outcome.sent = instead
        has_unseen_file = replay.has_unseen_file or fallback.has_lost_newest()
        if has_unseen_file and status_messages.is_ordinary_reason(outcome.finish_reason):
            outcome.finish_reason = status_messages.UNSEEN_FILE
    except CallCancelledError:
        outcome.status = reply.ended_as
    except ModelError as error:
        outcome.status = Message.Status.FAILED
        outcome.error_code, outcome.retry_after = error.code, error.retry_after
    finally:
        reply.is_written = True


def stream_words(reply: LiveReply, message: Message, outcome: ReplyOutcome) -> None:
    with get_model_client().stream(
        outcome.sent,
        request_id=str(message.pk),
        model=message.requested_model or message.model,
        parameters=make_request(message.parameters, is_continued=message.is_continued),
        cancellation=reply.cancellation,
    ) as stream:
        try:
            for delta in stream:
                outcome.first_token_at = outcome.first_token_at or timezone.now()
                is_apart = delta.reasoning and message.reasoning and reply.reasoning_size == 1
                # New thoughts are a paragraph of their own, new text never is.
                reply.publish(delta.text, f"{'\n\n' if is_apart else ''}{delta.reasoning}")
        finally:
            # What is known is kept, also of a reply that was stopped or broke.
            outcome.finish_reason = choose_finish_reason(stream)
            outcome.model = stream.model or ""
            outcome.usage = stream.usage
            outcome.is_billable = stream.is_billable


def choose_finish_reason(stream: ReplyStream) -> str:
    """The model's, unless it is silent on that there was more than words."""
    reason = stream.finish_reason or ""
    return (
        status_messages.NOT_WORDS
        if stream.is_partial and status_messages.is_ordinary_reason(reason)
        else reason
    )


def save_outcome(
    reply: LiveReply, message: Message, outcome: ReplyOutcome, colours: ReplyHighlighting
) -> None:
    """Saves everything in one UPDATE, unless the conversation was deleted meanwhile. Only then may
    code be highlighted that was not yet.
    """
    words = Delta(reply.text, reply.reasoning)
    if not reply.reasoning:
        new = split_unopened_thinking(reply.text[len(message.text) :])
        words = Delta(message.text + new.text, new.reasoning)
    html = renderings.render_reply(reply.pk, words.text, message.html, is_json=message.is_json)
    values: dict[str, Any] = {
        "text": words.text,
        "reasoning": words.reasoning,
        "html": colours.insert(html),
        "html_version": rendering.VERSION,
        "status": outcome.status,
        "error_code": outcome.error_code,
        "retry_after": outcome.retry_after,
        "finish_reason": outcome.finish_reason[:32],
        "first_token_at": outcome.first_token_at,
        "finished_at": timezone.now(),
        "context_start": outcome.context_start,
    }
    if outcome.model:
        values["model"] = outcome.model[:200]
    if saving.save_ending(
        reply, make_ending(message, values, measure_usage(outcome, read_new_words(reply, message)))
    ):
        highlight_saved(reply.pk, colours, html, values["finished_at"])


def read_new_words(reply: LiveReply, message: Message) -> str:
    """Return the text and the thoughts that have come since the reply was begun, or continued."""
    return reply.text[len(message.text) :] + reply.reasoning[len(message.reasoning) :]


def measure_usage(outcome: ReplyOutcome, words: str) -> Spent | None:
    """What was used for these words, thoughts among them; None where the model wasn't asked, or
    failed before it said anything.
    """
    is_charged = outcome.is_billable and outcome.status != Message.Status.FAILED
    outcome.spent = usage.measure_usage(
        outcome.usage, outcome.sent, words, prices=outcome.prices, is_charged=is_charged
    )
    return outcome.spent


def make_ending(
    message: Message,
    values: dict[str, Any],
    spent: Spent | None,
    *,
    is_claimed: bool = True,
) -> Ending:
    return Ending(
        message=message.pk,
        owner=message.conversation.owner_id,
        writer=BOOT_ID if is_claimed else "",
        values=values,
        spent=spent,
    )
