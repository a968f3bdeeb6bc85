"""What is known of one reply: what it took, how long, and why it ended. For the popover below it,
and for the transcript of review.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chatsite.accounts.budgets.usage import format_count, format_dollars
from conversations.model_catalog.catalog import find_model, make_label
from conversations.models import Message
from conversations.parameters.definitions import MAX_TOKENS
from conversations.parameters.wording import list_parameter_details
from conversations.status_messages import UNSEEN_FILE, is_ordinary_reason, normalize_reason


@dataclass(frozen=True)
class Detail:
    name: str
    value: str


def measure_first_word(message: Message) -> float | None:
    """Return the seconds that its user waited for the first word, since they had sent theirs."""
    return seconds_until(message, message.first_token_at)


def measure_whole_time(message: Message) -> float | None:
    """Return the seconds until it was finished."""
    return seconds_until(message, message.finished_at)


def seconds_until(message: Message, moment: datetime | None) -> float | None:
    # Of a reply that was continued, the times are those of the last request.
    begun = message.started_at if message.is_continued else message.created_at
    return (moment - begun).total_seconds() if moment and begun else None


def list_details(message: Message) -> list[Detail]:
    """Return what there is to say of a reply, in reading order; of what isn't known, nothing."""
    return [Detail(name, value) for name, value in iterate_details(message) if value]


def iterate_details(message: Message) -> Iterator[tuple[str, str]]:
    if message.is_edited:
        yield _("Written by"), _("you: its words replace the model’s")
        return
    yield from iterate_model(message)
    if message.instruction:
        yield pgettext("of a reply", "Asked for"), message.get_instruction_display()
    yield from list_parameter_details(message.parameters)
    yield _("Tokens read"), format_tokens(message.prompt_tokens)
    yield _("From the cache"), format_tokens(message.cached_tokens)
    yield _("Tokens written"), format_tokens(message.completion_tokens)
    if message.cost_usd:
        yield _("Cost"), format_dollars(message.cost_usd)
    if message.usage_estimated:
        yield _("Counted by"), _("this site, roughly: the model’s service didn’t say")
    yield _("First word"), format_seconds(measure_first_word(message), 2)
    yield _("Whole time"), format_seconds(measure_whole_time(message), 1)
    yield _("Ended"), describe_end(message)


def iterate_model(message: Message) -> Iterator[tuple[str, str]]:
    """Return the model that was asked, as people know it; and what answered by its own account,
    where that isn't the same.
    """
    if message.requested_model is None:
        yield _("Model"), message.model
        return
    asked = find_model(message.requested_model)
    yield _("Model"), asked.label
    if message.model not in ("", asked.identifier, make_label(asked.identifier), asked.label):
        yield pgettext("by another name", "Answered as"), message.model


def format_tokens(count: int | None) -> str:
    return "" if count is None else format_count(Decimal(count))


def format_seconds(seconds: float | None, places: int) -> str:
    if seconds is None:
        return ""
    return _("%(seconds)s s") % {"seconds": number_format(max(seconds, 0), places)}


def describe_end(message: Message) -> str:
    """Return why it ended, in a few words; what to do about that is said under the reply."""
    status = message.Status(message.status)
    match status:
        case status.STOPPED:
            return _("you stopped it")
        case status.INTERRUPTED:
            return _("the server was restarted or lost it")
        case status.FAILED:
            return _("it failed (%(code)s)") % {"code": message.error_code}
        case status.COMPLETE if is_ordinary_reason(message.finish_reason):
            return _("it was complete")
        case status.COMPLETE:
            return describe_reason(message, normalize_reason(message.finish_reason))
    return ""


def describe_reason(message: Message, reason: str) -> str:
    is_set = MAX_TOKENS.name in (message.parameters or {})
    known = {
        "length": _("at the longest reply") if is_set else _("at the model’s length limit"),
        "content_filter": _("by the provider’s content filter"),
        "tool_calls": _("the model wanted to use a tool"),
        UNSEEN_FILE: _("it was complete; the model couldn’t see a file"),
    }
    return known.get(reason, reason)
