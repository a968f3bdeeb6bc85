"""What the page says under a reply that didn't end well: a sentence, an icon, and whether to offer
Retry.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatsite.core.times import at_time
from conversations.model_api import ModelError
from conversations.model_api.errors import sentence_for

if TYPE_CHECKING:
    from conversations.models import Message

FINISH_REASONS = {
    "length": _("The reply reached the model’s length limit. Ask it to go on for the rest."),
    "content_filter": _("The provider’s content filter ended this reply. Rephrase your message."),
}
# Trying again makes no sense where an administrator has to mend something first.
FINAL_CODES = {error.code for error in ModelError.__subclasses__() if not error.retryable}


@dataclass(frozen=True)
class Note:
    sentence: str
    icon: str
    can_retry: bool


def note_for(message: "Message") -> Note | None:
    """The note under a message; None where there is nothing to say."""
    status = message.Status(message.status)
    match status:
        case status.FAILED:
            can_retry = message.error_code not in FINAL_CODES
            return Note(error_sentence(message), "triangle-alert", can_retry)
        case status.INTERRUPTED:
            return Note(gettext(sentence_for("interrupted")[0]), "unplug", can_retry=True)
        case status.STOPPED:
            return Note(gettext("You stopped this reply."), "circle-stop", can_retry=True)
        case status.COMPLETE if message.finish_reason in FINISH_REASONS:
            return Note(str(FINISH_REASONS[message.finish_reason]), "scissors", can_retry=False)
        case status.COMPLETE if not message.is_user and not message.text.strip():
            return Note(gettext("The model sent an empty reply."), "circle-dashed", can_retry=True)
    return None


def error_sentence(message: "Message") -> str:
    """The stored code in words; when to try again only while that is to come."""
    seconds, when = None, ""
    if message.retry_after and message.finished_at:
        again_at = timezone.localtime(message.finished_at + timedelta(seconds=message.retry_after))
        seconds = (again_at - timezone.now()).total_seconds()
        when = at_time(again_at, timezone.localdate())
    sentence, values = sentence_for(
        message.error_code, seconds if seconds and seconds > 0 else None, when=when
    )
    return gettext(sentence) % values
