"""Reads the services' error answers, in whatever shape they come.

Seen in the wild: `{message, path, requestId, statusCode, timestamp}`, problem+json
`{title, status, message, requestId, error: {name, message}}`, OpenAI's
`{error: {message, type, code}}`, vLLM's `{object: "error", message, code}`, FastAPI's `{detail}`,
and the HTML pages of proxies.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from conversations.model_api.errors import (
    BadKeyError,
    BadRequestError,
    CallTimeoutError,
    ModelError,
    NotFoundError,
    OutOfCreditsError,
    ThrottledError,
    TooLongError,
    UpstreamError,
)

LARGEST_PAGE = 4096
LONGEST_RETRY_AFTER = 7 * 24 * 3600.0

_BY_STATUS: dict[int, type[ModelError]] = {
    401: BadKeyError,
    402: OutOfCreditsError,
    403: OutOfCreditsError,
    404: NotFoundError,
    405: NotFoundError,
    408: CallTimeoutError,
    413: TooLongError,
    429: ThrottledError,
    504: CallTimeoutError,
}
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|(maximum|max).{0,40}tokens|too many.{0,20}tokens"
    r"|(prompt|input|messages?|request).{0,30}too (long|large)|reduce the length",
    re.IGNORECASE | re.DOTALL,
)
_NO_QUOTA = re.compile(r"insufficient_quota", re.IGNORECASE)
_BUSY = re.compile(r"rate.?limit|too many requests|throttl", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def parse_error_response(status: int, headers: Mapping[str, str], body: bytes) -> ModelError:
    """Return the exception for a response whose status is not a success."""
    detail = _detail_of_body(body.decode("utf-8", "replace"))
    if 300 <= status < 400:
        return NotFoundError(f"redirected to {headers.get('Location')}", status=status)
    return _error_class(status, detail)(
        detail, status=status, retry_after=parse_retry_after(headers.get("Retry-After"))
    )


def find_error(chunk: Mapping[str, Any]) -> ModelError | None:
    """Return the exception if a JSON object that came with a success reports an error."""
    reports_error = chunk.get("error") or "error" in (chunk.get("type"), chunk.get("object"))
    if not reports_error and "choices" in chunk:
        return None
    status = _status_in(chunk)
    if not reports_error and status is None:
        return None
    detail = _detail_of_object(chunk)
    return _error_class(status, detail)(detail, status=status)


def extract_page_title(page: str) -> str:
    """Return what an HTML page says it is: its title, else its text."""
    page = page[:LARGEST_PAGE]
    title = _TITLE.search(page)
    return " ".join(html.unescape(title[1] if title else _TAG.sub(" ", page)).split())


def parse_retry_after(value: str | None) -> float | None:
    """Read the seconds in a Retry-After header: a number of seconds or an HTTP date."""
    if value is None:
        return None
    value = value.strip()
    try:
        seconds = float(value) if value.isascii() and value.isdigit() else _seconds_until(value)
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _seconds_until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()


def _error_class(status: int | None, detail: str) -> type[ModelError]:
    if status == 429 and _NO_QUOTA.search(detail):
        return OutOfCreditsError
    if (status is None or status in (400, 422)) and _TOO_LONG.search(detail):
        return TooLongError
    if status is None:
        return ThrottledError if _BUSY.search(detail) else UpstreamError
    return _BY_STATUS.get(status, BadRequestError if status < 500 else UpstreamError)


def _detail_of_body(text: str) -> str:
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        return extract_page_title(text) if text.lstrip().startswith("<") else text
    return _detail_of_object(decoded) if isinstance(decoded, dict) else text


def _detail_of_object(answer: Mapping[str, Any]) -> str:
    # A dict keeps the order and drops what two fields both say.
    return "; ".join(dict.fromkeys(_phrases(answer)))


def _phrases(answer: Mapping[str, Any]) -> Iterator[str]:
    error = answer.get("error")
    fields = [answer.get(name) for name in ("title", "message", "detail")]
    if isinstance(error, Mapping):
        fields += [error.get(name) for name in ("message", "name", "type", "code")]
    else:
        fields.append(error)
    for field in fields:
        if field:
            yield field if isinstance(field, str) else json.dumps(field, default=str)
    if isinstance(answer.get("requestId"), str):
        yield f"request {answer['requestId']}"


def _status_in(chunk: Mapping[str, Any]) -> int | None:
    error = chunk.get("error")
    candidates = [chunk.get("statusCode"), chunk.get("status"), chunk.get("code")]
    if isinstance(error, Mapping):
        candidates += [error.get("status"), error.get("statusCode"), error.get("code")]
    for candidate in candidates:
        if isinstance(candidate, int) and 400 <= candidate <= 599:
            return candidate
    return None
