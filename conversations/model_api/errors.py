"""What can go wrong with a call to the model.

    ModelError
    ├── BadRequestError       bad_request      400, 422: the service did not accept the request
    ├── TooLongError          too_long         400, 413: more text than the model can take
    ├── BadKeyError           bad_key          401: the key is wrong
    ├── OutOfCreditsError     out_of_credits   402, 403, 429 for want of quota
    ├── NotFoundError         not_found        404, 405, 3xx: no such model or address
    ├── ThrottledError        throttled        429: too many requests
    ├── UpstreamError         upstream         500, 502, 503 …, an error in mid-stream
    ├── CallTimeoutError      timed_out        408, 504, or one of our own limits
    ├── CutOffError           cut_off          the reply ended before its end
    ├── MalformedReplyError   malformed        what came is not a reply
    ├── UnreadableFileError   unreadable_file  a file that was to be sent can't be read here
    └── ConnectionFailedError refused          no connection: DNS, TLS, refused, reset

Each error carries what a page needs: a stable `code` to store, whether trying again makes sense,
after how long, and a sentence that says what happened, what is safe and who can mend it. The codes
`interrupted`, `database` and `internal` have no exception: the application stores them itself.
"""

import math
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation; whoever shows it translates."""
    return message


SENTENCES = {
    "bad_request": gettext_noop(
        "The model’s service did not accept this request. Your message is saved; "
        "an administrator can find the reason in the log."
    ),
    "too_long": gettext_noop(
        "This conversation is too long for the model. Your message is saved; "
        "shorten it or go on in a new chat."
    ),
    "bad_key": gettext_noop(
        "The model’s service does not accept this site’s key. Your message is saved; "
        "an administrator must set a valid key."
    ),
    "out_of_credits": gettext_noop(
        "This site has no credits left with the model’s service, or its key may not use this "
        "model. Your message is saved; an administrator must see to the account."
    ),
    "not_found": gettext_noop(
        "The model’s service does not know the model or the address that this site is set to use. "
        "Your message is saved; an administrator must correct the settings."
    ),
    "throttled": gettext_noop("The model is busy. Your message is saved; try again in a moment."),
    "upstream": gettext_noop(
        "The model’s service is having trouble. Your message is saved; try again in a moment."
    ),
    "timed_out": gettext_noop(
        "The model took too long to answer. Your message and what had arrived are saved; try again."
    ),
    "cut_off": gettext_noop(
        "The connection to the model broke before the reply was complete. "
        "What had arrived is kept; try again for a whole one."
    ),
    "malformed": gettext_noop(
        "The model’s service sent something that is not a reply. Your message and what had arrived "
        "are saved; try again, and tell an administrator if it happens again."
    ),
    "refused": gettext_noop(
        "The model’s service could not be reached. Your message is saved; try again in a moment, "
        "and tell an administrator if it happens again."
    ),
    "unreadable_file": gettext_noop(
        "A file of this conversation can’t be read on this site. Your message is saved; "
        "send it without that file, and tell an administrator."
    ),
    "interrupted": gettext_noop(
        "The server was restarted while this reply was being written. "
        "What had arrived is kept; try again for a whole one."
    ),
    "database": gettext_noop(
        "The server could not reach its database, so the model was not asked. "
        "Your message is saved; try again in a moment."
    ),
    "internal": gettext_noop(
        "Something went wrong on this site. Your message is saved; try again, "
        "and tell an administrator if it happens again."
    ),
}

SENTENCES_IN_SECONDS = {
    "throttled": gettext_noop(
        "The model is busy. Your message is saved; try again in about %(seconds)d seconds."
    ),
    "upstream": gettext_noop(
        "The model’s service is having trouble. Your message is saved; "
        "try again in about %(seconds)d seconds."
    ),
}

SENTENCES_IN_MINUTES = {
    "throttled": gettext_noop(
        "The model is busy. Your message is saved; try again in about %(minutes)d minutes."
    ),
    "upstream": gettext_noop(
        "The model’s service is having trouble. Your message is saved; "
        "try again in about %(minutes)d minutes."
    ),
}

SENTENCES_AT_A_TIME = {
    "throttled": gettext_noop("The model is busy. Your message is saved; try again %(when)s."),
    "upstream": gettext_noop(
        "The model’s service is having trouble. Your message is saved; try again %(when)s."
    ),
}

# Nobody counts down from two, and “1 seconds” is wrong.
FEWEST_SECONDS = 5
MOST_SECONDS = 90
# More than an hour of them, and nobody knows when that is.
MOST_MINUTES = 60


def choose_sentence(
    code: str, retry_after: float | None = None, *, when: str = ""
) -> tuple[str, dict[str, int | str]]:
    """Return the sentence for a stored code: a template to translate and the values to fill in.

    `translate(template) % values` is what to show. `retry_after` is in seconds; `when` says the
    same moment in words ("tomorrow at 09:00"), for waits of hours. A code that is not known here
    reads as `internal`.
    """
    if retry_after is None or code not in SENTENCES_IN_SECONDS:
        return SENTENCES.get(code, SENTENCES["internal"]), {}
    if retry_after <= MOST_SECONDS:
        return SENTENCES_IN_SECONDS[code], {"seconds": max(math.ceil(retry_after), FEWEST_SECONDS)}
    minutes = math.ceil(retry_after / 60)
    if minutes <= MOST_MINUTES:
        return SENTENCES_IN_MINUTES[code], {"minutes": minutes}
    return SENTENCES_AT_A_TIME[code], {"when": when or f"in about {math.ceil(minutes / 60)} hours"}


class ModelError(Exception):
    """A call to the model failed.

    `retryable`: the same request may succeed later, without anybody changing a setting.
    `retry_after`: seconds, when the service named a time. `status`: of the HTTP response, if
    there was one. `detail`: for the log, the service’s own words or the operating system’s.
    """

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False

    def __init__(
        self, detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        # `detail` stays out of `args`, so that redacting it later redacts the repr as well.
        super().__init__()
        self.detail = detail
        self.status = status
        self.retry_after = retry_after

    @property
    def sentence(self) -> str:
        """What the user reads, in English."""
        template, values = choose_sentence(self.code, self.retry_after)
        return template % values

    def __str__(self) -> str:
        status = f" (HTTP {self.status})" if self.status else ""
        return f"{self.code}{status}: {self.detail}" if self.detail else f"{self.code}{status}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


class BadRequestError(ModelError):
    code = "bad_request"


class TooLongError(ModelError):
    code = "too_long"


class BadKeyError(ModelError):
    code = "bad_key"


class OutOfCreditsError(ModelError):
    code = "out_of_credits"


class NotFoundError(ModelError):
    code = "not_found"


class ThrottledError(ModelError):
    code = "throttled"
    retryable = True


class UpstreamError(ModelError):
    code = "upstream"
    retryable = True


class CallTimeoutError(ModelError):
    code = "timed_out"
    retryable = True


class CutOffError(ModelError):
    code = "cut_off"
    retryable = True


class MalformedReplyError(ModelError):
    code = "malformed"
    retryable = True


class UnreadableFileError(ModelError):
    """`key`: which file, as the caller knows it."""

    code = "unreadable_file"

    def __init__(self, detail: str = "", *, key: str = "") -> None:
        super().__init__(detail)
        self.key = key


class ConnectionFailedError(ModelError):
    """`momentary` tells a refused or reset connection, which may be there again in a second, from
    a name that does not resolve or a certificate that is not trusted."""

    code = "refused"
    retryable = True

    def __init__(self, detail: str = "", *, momentary: bool = False) -> None:
        super().__init__(detail)
        self.momentary = momentary
