"""What the page says under a reply that didn't end well: a sentence, an icon, and whether to offer
Retry.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatsite.core.times import at_time
from conversations.model_api import ModelError
from conversations.model_api.errors import choose_sentence
from conversations.models import Message
from conversations.parameters.definitions import MAX_TOKENS

# Our own, for replies that ended well but held more than words.
NOT_WORDS = "not_words"
# And for those that did, but whose writer couldn't see a file of the message.
UNSEEN_FILE = "unseen_file"

# Why a reply ended, in the words of several providers: as it should, and for what reason else.
ORDINARY = {"", "stop", "stop_sequence", "end_turn", "eos", "eos_token", "end", "completed"}
CUT_BY_LENGTH = "length"
SYNONYMS = {
    "max_tokens": CUT_BY_LENGTH,
    "max_output_tokens": CUT_BY_LENGTH,
    "model_length": CUT_BY_LENGTH,
    "safety": "content_filter",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
}
FINISH_REASONS = {
    CUT_BY_LENGTH: _("The reply reached the model’s length limit, so it isn’t whole."),
    "content_filter": _("The provider’s content filter ended this reply. Rephrase your message."),
    "tool_calls": _(
        "The model wanted to use a tool, and there are none here, so this may not be all of its "
        "reply. Ask it to answer without."
    ),
    NOT_WORDS: _(
        "The model also sent something that is not text and can’t be shown here. "
        "Ask for it as text."
    ),
    UNSEEN_FILE: _(
        "The model couldn’t see a picture or file of your message: it was told its name alone. "
        "Describe it in words."
    ),
}
# Trying again makes no sense where an administrator has to mend something first.
FINAL_CODES = {error.code for error in ModelError.__subclasses__() if not error.retryable}


@dataclass(frozen=True)
class StatusMessage:
    sentence: str
    icon: str
    can_retry: bool
    # The seconds that the sentence tells to wait.
    wait: int | None = None
    # Whether its text can grow on from where it ended, if it is the last of its branch.
    can_continue: bool = False


def find_status_message(message: Message) -> StatusMessage | None:
    """Return what is said under a message; None where there is nothing to say."""
    status = message.Status(message.status)
    has_text = bool(message.text.strip())
    match status:
        case status.FAILED:
            can_retry = message.error_code not in FINAL_CODES
            sentence, wait = describe_error(message)
            can_continue = can_retry and has_text
            return StatusMessage(sentence, "triangle-alert", can_retry, wait, can_continue)
        case status.INTERRUPTED:
            sentence = gettext(choose_sentence("interrupted")[0])
            return StatusMessage(sentence, "unplug", can_retry=True, can_continue=has_text)
        case status.STOPPED:
            sentence = gettext("This reply was stopped.")
            return StatusMessage(sentence, "circle-stop", can_retry=True, can_continue=has_text)
        case status.COMPLETE if not message.is_user:
            return describe_complete_reply(message)
    return None


def is_ordinary_reason(finish_reason: str) -> bool:
    return finish_reason.lower() in ORDINARY


def normalize_reason(finish_reason: str) -> str:
    """Return why a reply ended in the words of the wire format, whoever's they were."""
    reason = finish_reason.lower()
    return SYNONYMS.get(reason, reason)


def describe_complete_reply(message: Message) -> StatusMessage | None:
    """Where a reply is empty it can be tried again, whatever it is that ended it."""
    reason = normalize_reason(message.finish_reason)
    is_empty = not message.text.strip()
    if known := FINISH_REASONS.get(reason):
        is_cut = reason == CUT_BY_LENGTH
        sentence = describe_length_limit(message) if is_cut else str(known)
        can_continue = is_cut and not is_empty
        icon = "circle-alert" if reason == UNSEEN_FILE else "scissors"
        return StatusMessage(sentence, icon, is_empty, can_continue=can_continue)
    if reason not in ORDINARY:
        sentence = gettext(
            "The model’s service ended this reply for a reason that is not known here "
            "(“%(reason)s”), so it may not be whole. What had arrived is saved; try again."
        )
        return StatusMessage(
            sentence % {"reason": message.finish_reason}, "circle-alert", can_retry=True
        )
    if not is_empty:
        return None
    if message.reasoning.strip():
        sentence = gettext("The model ended after its thinking, without an answer. Try again.")
        return StatusMessage(sentence, "circle-dashed", can_retry=True)
    return StatusMessage(gettext("The model sent an empty reply."), "circle-dashed", can_retry=True)


def describe_length_limit(message: Message) -> str:
    """The model's own, unless the reply was to be no longer than so many tokens."""
    limit = (message.parameters or {}).get(MAX_TOKENS.name, {}).get("value")
    if limit is None:
        return str(FINISH_REASONS[CUT_BY_LENGTH])
    return ngettext(
        "The reply reached the longest that is set for it, %(count)d token, so it isn’t whole.",
        "The reply reached the longest that is set for it, %(count)d tokens, so it isn’t whole.",
        limit,
    ) % {"count": limit}


def describe_error(message: Message) -> tuple[str, int | None]:
    """The stored code in words, and the seconds to wait that they tell; when to try again only
    while that is to come.
    """
    seconds, when = None, ""
    if message.retry_after and message.finished_at:
        again_at = timezone.localtime(message.finished_at + timedelta(seconds=message.retry_after))
        seconds = (again_at - timezone.now()).total_seconds()
        when = at_time(again_at, timezone.localdate())
    sentence, values = choose_sentence(
        message.error_code, seconds if seconds and seconds > 0 else None, when=when
    )
    wait = values.get("seconds")
    return gettext(sentence) % values, wait if isinstance(wait, int) else None
