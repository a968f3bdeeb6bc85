"""Errors in the forms that the provider, OpenAI, and proxies on the way are seen to send."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from conversations.offline_model.faults import Envelope
from conversations.offline_model.json_encoding import encode_json

MESSAGES = {
    400: "Body validation error.",
    401: "Invalid API key.",
    403: "You've run out of credits. Please top up your balance or update your payment method.",
    404: "Not found.",
    413: "Request entity too large.",
    429: "Too many requests. Please slow down.",
    500: "Internal server error.",
    502: "Bad gateway.",
    503: "Service unavailable.",
    504: "The generation timed out.",
}
UNDOCUMENTED = "Something went wrong."


class ApiError(Exception):
    """An error that the API answers instead of a reply."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        *,
        envelope: Envelope = "plain",
        retry_after: str | None = None,
    ) -> None:
        self.status = status
        self.message = message or MESSAGES.get(status, UNDOCUMENTED)
        self.envelope = envelope
        self.retry_after = retry_after
        super().__init__(self.message)

    def response(self, path: str) -> tuple[int, bytes, Mapping[str, str]]:
        """Return status, body and headers; path: where the request went."""
        content_type, body = _enveloped(self, path)
        headers = {"Content-Type": content_type}
        if self.retry_after is not None:
            headers["Retry-After"] = self.retry_after
        return self.status, body, headers


def build_openai_error(message: str, code: int | str | None = None) -> dict[str, object]:
    return {"error": {"message": message, "type": "server_error", "param": None, "code": code}}


def _enveloped(error: ApiError, path: str) -> tuple[str, bytes]:
    title = _title(error.status)
    request_id = str(uuid.uuid4())
    timestamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    match error.envelope:
        case "plain":
            return "application/json; charset=utf-8", encode_json(
                {
                    "message": error.message,
                    "path": path,
                    "requestId": request_id,
                    "statusCode": error.status,
                    "timestamp": timestamp,
                }
            )
        case "problem":
            return "application/problem+json; charset=utf-8", encode_json(
                {
                    "title": title,
                    "status": error.status,
                    "message": error.message,
                    "instance": path,
                    "requestId": request_id,
                    "timestamp": timestamp,
                    "error": {"name": title.replace(" ", ""), "message": error.message},
                }
            )
        case "openai":
            return "application/json", encode_json(build_openai_error(error.message, error.status))
        case "html":
            heading = f"{error.status} {title}"
            page = (
                f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1></body></html>"
            )
            return "text/html", page.encode()


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
