"""One call, from the request to the response's headers: retries, refusals, the line in the log."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import requests
from urllib3.exceptions import HTTPError

from conversations.model_api.body import Body
from conversations.model_api.cancellable_connection import CancellableConnection
from conversations.model_api.cancellation import CallCancelledError, Cancellation
from conversations.model_api.connections import use_connection
from conversations.model_api.error_parsing import parse_error_response
from conversations.model_api.errors import ModelError
from conversations.model_api.exception_mapping import map_connection_error
from conversations.model_api.request_body import RequestBody
from conversations.model_api.retry_policy import compute_retry_delay
from conversations.model_api.session import Key, Session
from conversations.model_api.values import Timeouts

logger = logging.getLogger("conversations.model_api")

LARGEST_REFUSAL = 64 * 1024
REFUSAL_TIMEOUT = 5.0
LONGEST_DETAIL = 300


@dataclass(frozen=True)
class Route:
    """What all calls of a client have in common."""

    session: Session
    url: str
    key: Key
    max_retries: int


class Call:
    """A request to the model, as a context manager around everything that is done for it: a POST of
    a body, or a GET where there is none.

    While it is open its cancellation aborts it; when it closes, the outcome goes into the log and
    the key out of the error.
    """

    def __init__(
        self,
        route: Route,
        body: RequestBody | None,
        headers: Mapping[str, str],
        *,
        request_id: str,
        timeouts: Timeouts,
        cancellation: Cancellation,
    ) -> None:
        self.request_id = request_id
        self.cancellation = cancellation
        # Known when the call is over: whether the service got the whole request and did not refuse
        # it. It may charge for such a call, also when it was stopped before the first word.
        self.is_billable = False
        self._route = route
        self._body = body
        self._headers = {**headers, "X-Client-Request-Id": request_id}
        self._timeouts = timeouts
        self._status: int | None = None

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        self.connection = CancellableConnection(self._timeouts, self.cancellation)
        self.cancellation.attach(self.connection.abort)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancellation.detach(self.connection.abort)
        self.is_billable = self.connection.is_sent
        if isinstance(exc, ModelError | CallCancelledError):
            _forget_history(exc)
        if isinstance(exc, ModelError):
            self._redact_detail(exc)
        self._log_outcome(exc)

    def send_request(self) -> Body:
        """Send the request, again if need be, and return the body of the successful response.

        Raises CallCancelledError or a ModelError.
        """
        attempt = 0
        while True:
            try:
                return self._send_once()
            except ModelError as failure:
                delay = compute_retry_delay(failure, attempt)
                if delay is None or attempt == self._route.max_retries:
                    raise
                self._announce_retry(failure, delay)
            self.cancellation.wait(self.connection.compute_timeout(delay))
            attempt += 1

    def _send_once(self) -> Body:
        self.cancellation.check()
        self.connection.begin_attempt()
        try:
            response = self._request()
        except (requests.RequestException, HTTPError, OSError) as error:
            self.cancellation.check()
            raise map_connection_error(error) from None
        self._status = response.status_code
        body = Body(response, self.connection)
        if not 200 <= response.status_code < 300:
            self.connection.is_sent = False
            raise parse_error_response(
                response.status_code, response.headers, self._read_refusal(body)
            )
        return body

    def _request(self) -> requests.Response:
        body = self._body
        with use_connection(self.connection):
            return self._route.session.request(
                "POST" if body else "GET",
                self._route.url,
                data=body.open(self.connection.keep_sending) if body else None,
                headers=self._headers,
                timeout=(self._timeouts.connect, self._timeouts.first_byte),
                stream=True,
                allow_redirects=False,
            )

    def _read_refusal(self, body: Body) -> bytes:
        """Return what a response that is no success says, as far as it can be had."""
        self.connection.set_deadline(REFUSAL_TIMEOUT)
        try:
            return body.read_all(LARGEST_REFUSAL)
        except ModelError:
            # The status alone says enough.
            return b""
        finally:
            body.close()

    def _announce_retry(self, failure: ModelError, delay: float) -> None:
        self._redact_detail(failure)
        logger.warning("model call %s: %s; again in %.1f s", self.request_id, failure, delay)

    def _redact_detail(self, error: ModelError) -> None:
        detail = " ".join(self._route.key.redact(error.detail).split())
        error.detail = f"{detail[:LONGEST_DETAIL]}…" if len(detail) > LONGEST_DETAIL else detail

    def _log_outcome(self, exc: BaseException | None) -> None:
        first_byte = self.connection.first_byte
        logger.log(
            logging.WARNING if _is_failure(exc) else logging.INFO,
            "model call %s: %s, status %s, first byte after %s, over after %.3f s",
            self.request_id,
            _describe_outcome(exc),
            self._status or "–",
            f"{first_byte - self._started:.3f} s" if first_byte else "–",
            time.monotonic() - self._started,
        )


def _forget_history(error: BaseException) -> None:
    """Forget where the error passed: variables there hold the key or what the service sent; some
    error pages show the variables of every frame. Now the error says what it says and no more."""
    error.__cause__ = error.__context__ = error.__traceback__ = None


def _is_failure(exc: BaseException | None) -> bool:
    return isinstance(exc, Exception) and not isinstance(exc, CallCancelledError)


def _describe_outcome(exc: BaseException | None) -> str:
    match exc:
        case None:
            return "complete"
        case CallCancelledError():
            return "stopped"
        case GeneratorExit():
            return "abandoned"
        case ModelError():
            return str(exc)
    return type(exc).__name__
