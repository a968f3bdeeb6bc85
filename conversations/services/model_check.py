"""The checks of `manage.py doctor` that ask the model: one tiny request, as replies are asked for.

The answer's Date header tells whether this machine's clock is right.
"""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.utils import timezone

from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong
from chatsite.server.startup.offline_model import OfflineModelProcess
from conversations.model_api import (
    BadKeyError,
    CallTimeoutError,
    ConnectionFailedError,
    ModelError,
    NotFoundError,
    OutOfCreditsError,
    Timeouts,
)
from conversations.services.model_client import make_model_client

LIMIT = 15.0  # seconds
MAX_TOKENS = 16
MOST_SECONDS_OFF = 60


def check_model() -> Iterator[Finding]:
    if OfflineModelProcess.is_needed():
        yield wrong(
            "AIMLAPI_API_KEY is not set: replies come from the offline model",
            "Get a key at https://aimlapi.com/app/keys, and set AIMLAPI_API_KEY to it.",
        )
        return
    try:
        client = make_model_client(
            timeouts=Timeouts(
                connect=settings.MODEL_CONNECT_TIMEOUT, first_byte=LIMIT, silence=LIMIT, whole=LIMIT
            ),
            max_retries=0,
        )
    except OSError:
        yield wrong(
            "the root certificates can't be read, so nothing can be asked by https",
            "Mend or take away REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE.",
        )
        return
    try:
        completion = client.complete(
            [{"role": "user", "content": "Say OK."}],
            request_id="doctor",
            parameters={"max_tokens": MAX_TOKENS},
        )
    except ModelError as error:
        yield explain_error(error)
        yield not_checked("the clock: the model didn't answer")
        return
    finally:
        client.close()
    key = "accepts the key" if settings.AIMLAPI_API_KEY else "wants no key"
    yield ok(f"{settings.AIMLAPI_BASE_URL} {key}, and {settings.CHAT_MODEL} answers")
    yield judge_clock(completion.date, timezone.now())


def explain_error(error: ModelError) -> Finding:
    url, model = settings.AIMLAPI_BASE_URL, settings.CHAT_MODEL
    match error:
        case BadKeyError():
            return wrong(
                f"{url} refuses the key",
                "Set AIMLAPI_API_KEY to one that is enabled (https://aimlapi.com/app/keys).",
            )
        case OutOfCreditsError():
            return wrong(
                f"{url} takes the key, but for want of credits or rights not for {model}",
                "See to the account, or to what the key may use.",
            )
        case NotFoundError():
            return wrong(
                f"{url} doesn't know the model {model}, or isn't the address of an API",
                "Check CHAT_MODEL, and that AIMLAPI_BASE_URL ends as the provider says (/v1).",
            )
        case ConnectionFailedError() if "CERTIFICATE" in error.detail.upper():
            return wrong(
                f"{url} shows a certificate that isn't trusted here",
                "Behind a proxy that opens https, set REQUESTS_CA_BUNDLE to its authority's "
                "certificate, with the usual ones; else check the address and the clock.",
            )
        case ConnectionFailedError():
            return wrong(
                f"there is no way to {url}: {error.detail}",
                "Check AIMLAPI_BASE_URL, the DNS, the firewall, and HTTPS_PROXY if there is one.",
            )
        case CallTimeoutError():
            return wrong(
                f"{url} didn't answer within {LIMIT:g} seconds",
                "Try again; check the network, and whether the provider has trouble.",
            )
    return wrong(f"{url} answers with an error: {error}", "Try again; ask the provider.")


def judge_clock(date: str, now: datetime) -> Finding:
    try:
        off = (now - parsedate_to_datetime(date)).total_seconds()
    except ValueError:
        return not_checked("the clock: the model's answer doesn't tell the time")
    if abs(off) > MOST_SECONDS_OFF:
        side = "ahead of" if off > 0 else "behind"
        return wrong(
            f"this machine's clock is {abs(off):,.0f} seconds {side} the model's",
            "Have it set from the network (timedatectl set-ntp true): codes of authenticator apps "
            "and single sign-on depend on it.",
        )
    return ok("the clock is right")
