"""What administrators ask the model's server, beside what anybody chats: which models it has, and
one short message to see whether a model answers.

Neither is on anybody's budget. A trial belongs to no conversation, so no row is kept of it; the
administration's log says who has tried what.
"""

import time
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatsite.core.connections import release_connection
from conversations.model_api import (
    BadKeyError,
    CallTimeoutError,
    ChatMessage,
    ConnectionFailedError,
    Delta,
    MalformedReplyError,
    ModelError,
    NotFoundError,
    OutOfCreditsError,
    ServerModel,
    ThrottledError,
    Timeouts,
)
from conversations.model_catalog.catalog import get_prices
from conversations.services.model_client import get_model_client
from conversations.services.replies.usage import Spent, measure_usage

LIST_TIMEOUTS = Timeouts(connect=5, first_byte=15, silence=10, whole=20)
TRIAL_TIMEOUTS = Timeouts(connect=5, first_byte=30, silence=30, whole=60)
MAX_TOKENS = 500
LONGEST_MESSAGE = 2_000
LONGEST_ANSWER = 10_000


@dataclass(frozen=True)
class Trial:
    """What came of a message to a model; `error`: a sentence, where it failed."""

    text: str
    answered_as: str
    spent: Spent | None
    first_word: float | None
    seconds: float
    error: str = ""


def ask_server() -> list[ServerModel]:
    """Return the models that the server of the settings has. Raises ModelError."""
    release_connection()
    return get_model_client().list_models(
        request_id=f"models-{uuid.uuid4().hex}", timeouts=LIST_TIMEOUTS
    )


def try_model(identifier: str, text: str) -> Trial:
    """Send one message to a model, without instructions, and wait for what it says."""
    prices = get_prices(identifier)
    sent: list[ChatMessage] = [{"role": "user", "content": text[:LONGEST_MESSAGE]}]
    release_connection()
    words, error, first_word = Delta(), "", None
    began = time.monotonic()
    stream = get_model_client().stream(
        sent,
        request_id=f"trial-{uuid.uuid4().hex}",
        model=identifier,
        parameters={"max_tokens": MAX_TOKENS},
        timeouts=TRIAL_TIMEOUTS,
        max_retries=0,
    )
    try:
        with stream:
            for delta in stream:
                if first_word is None:
                    first_word = time.monotonic() - began
                words += delta
    except ModelError as failure:
        error = explain_failure(failure)
    return Trial(
        text=words.text[:LONGEST_ANSWER],
        answered_as=stream.model or "",
        spent=measure_usage(
            stream.usage,
            sent,
            words.text + words.reasoning,
            prices=prices,
            is_charged=stream.is_billable and not error,
        ),
        first_word=first_word,
        seconds=time.monotonic() - began,
        error=error,
    )


def explain_failure(error: ModelError) -> str:
    """Return what went wrong and what an administrator can do, with what the server said."""
    match error:
        case BadKeyError():
            sentence = _("The server refuses the key. Check AIMLAPI_API_KEY.")
        case OutOfCreditsError():
            sentence = _("The key has no credits, or no right to this. See to the account.")
        case NotFoundError():
            sentence = _(
                "The server doesn’t know this. Check the name at the API, and that "
                "AIMLAPI_BASE_URL ends as the provider says (/v1)."
            )
        case ConnectionFailedError():
            sentence = _("The server can’t be reached. Check AIMLAPI_BASE_URL and the network.")
        case CallTimeoutError():
            sentence = _("The server took too long to answer. Try again.")
        case ThrottledError():
            sentence = _("The server has too much to do, or had too many requests. Try again soon.")
        case MalformedReplyError():
            sentence = _("The server answered something else than was asked for.")
        case _:
            sentence = _("The server answered with an error.")
    if not error.detail:
        return sentence
    return _("%(sentence)s It said: %(detail)s") % {"sentence": sentence, "detail": error.detail}
