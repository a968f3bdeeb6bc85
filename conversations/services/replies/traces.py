"""A reply's life as a span, linked to that of the request which began it and may be long over."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.dispatch import receiver

from chatsite.core.tracing import Value, current_span, open_span, remember_span
from conversations.models import Message
from conversations.services.replies.channel import LiveReply
from conversations.signals import reply_ended

if TYPE_CHECKING:
    from conversations.services.replies.worker import ReplyOutcome

type Writer = Callable[[LiveReply, Message], None]


def trace_writer(write: Writer) -> Writer:
    """Called in the request, for the thread that writes."""
    request_span = remember_span()

    def run(reply: LiveReply, message: Message) -> None:
        values = {"chatsite.reply": str(message.pk), "gen_ai.request.model": message.model}
        with open_span("reply", values, begun_by=request_span):
            write(reply, message)

    return run


@receiver(reply_ended)
def describe_reply(outcome: "ReplyOutcome", **_: object) -> None:
    """In the thread that wrote it."""
    span = current_span()
    values: dict[str, Value] = {"chatsite.reply.status": str(outcome.status)}
    if outcome.model:
        values["gen_ai.response.model"] = outcome.model[:200]
    if outcome.spent:
        values["gen_ai.usage.input_tokens"] = outcome.spent.prompt_tokens
        values["gen_ai.usage.output_tokens"] = outcome.spent.completion_tokens
    span.set(values)
    if outcome.first_token_at:
        span.add_event("first word", outcome.first_token_at)
    if outcome.error_code:
        span.fail(outcome.error_code)
