"""The client of the model's API: one a process, used by all its threads."""

import re
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, override
from urllib.parse import urlsplit

from conversations.model_api.body import Body
from conversations.model_api.calls import Call, Route
from conversations.model_api.cancellable_connection import CancellableConnection
from conversations.model_api.cancellation import CallCancelledError, Cancellation
from conversations.model_api.deltas import Delta
from conversations.model_api.errors import CallTimeoutError, ModelError
from conversations.model_api.model_list import LARGEST_LIST, ServerModel, read_model_list
from conversations.model_api.request_body import encode_request
from conversations.model_api.response_decoder import (
    LARGEST_BODY,
    Completion,
    ReplyDecoder,
    read_completion,
)
from conversations.model_api.session import Key, open_session
from conversations.model_api.values import ChatMessage, Prices, Timeouts, Usage

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
# Reads without words that may follow each other at once.
MOST_WORDLESS = 20
_OURS = frozenset({"model", "messages", "stream", "stream_options"})


class ReplyStream:
    """A reply as it is written: iterate over it for its words, inside a `with` block.

    The request is sent by the first `next()`, so that every error comes out of the iteration: a
    `ModelError`, or `CallCancelledError` at most 0.5 s after the cancellation. The first words come
    at once; after that, what arrives within `pace()` seconds comes as one delta. Leaving the block
    before the end closes the connection. One thread at a time; others use the `Cancellation`.

    `usage`, `finish_reason`, `model` and `is_partial` hold what is known so far, all of it at the
    end; `is_billable` is known at the end.
    """

    def __init__(self, call: Call, *, prices: Prices | None, pace: Callable[[], float]) -> None:
        self._call = call
        self._decoder = ReplyDecoder(prices)
        self._deltas = self._stream_deltas(call, pace)

    @property
    def usage(self) -> Usage | None:
        return self._decoder.reply.usage

    @property
    def finish_reason(self) -> str | None:
        return self._decoder.reply.finish_reason

    @property
    def model(self) -> str | None:
        """The model that answered, by its own account."""
        return self._decoder.reply.model

    @property
    def is_partial(self) -> bool:
        """Whether there was more in it than words, such as a call of a tool."""
        return self._decoder.reply.is_partial

    @property
    def is_billable(self) -> bool:
        """Whether the service got the whole request and did not refuse it: it may charge for it."""
        return self._call.is_billable

    def close(self) -> None:
        self._deltas.close()

    def __iter__(self) -> Iterator[Delta]:
        return self

    def __next__(self) -> Delta:
        return next(self._deltas)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _stream_deltas(self, call: Call, pace: Callable[[], float]) -> Generator[Delta, None, None]:
        decoder = self._decoder
        with call:
            body = call.send_request()
            begun, wordless = False, 0
            try:
                while not decoder.over:
                    if delta := self._read_delta(body, call.connection):
                        begun, wordless = True, 0
                        yield delta
                    else:
                        wordless += 1
                    # Waking once a token costs more than the token: let a few come together. And a
                    # server that sends anything but words as fast as it can is not to keep us busy.
                    is_pacing = (begun and body.drained) or wordless > MOST_WORDLESS
                    if is_pacing and not decoder.over:
                        call.cancellation.wait(pace())
                if decoder.failure:
                    raise decoder.failure
                body.finish()
            except (ModelError, CallCancelledError):
                if delta := decoder.flush():
                    yield delta
                raise
            finally:
                body.close()

    def _read_delta(self, body: Body, connection: CancellableConnection) -> Delta:
        """Return the next words, or none; it is words that end a silence, not bytes."""
        decoder = self._decoder
        length, was_finishing = decoder.received_length, decoder.reply.finish_reason is not None
        try:
            data = body.read()
        except CallTimeoutError:
            if not was_finishing:
                raise
            # All has been said but the end mark, which some servers never send.
            return decoder.end()
        delta = decoder.feed(data) if data else decoder.end(body.broken)
        is_finishing = decoder.reply.finish_reason is not None
        if decoder.received_length > length or is_finishing != was_finishing:
            timeouts = connection.timeouts
            connection.expect_words(timeouts.linger if is_finishing else timeouts.silence)
        return delta


class ModelClient:
    """Calls the chat completions of `base_url`, which ends in “/v1” or the like.

    Safe to share between threads. `prices` None: no cost is computed where the service reports
    none. `pace` tells the seconds to let pass between reads of a stream. `max_retries`: how often a
    request is repeated by itself, before any reply to it has begun. Raises ValueError for a key or
    an address that can't be one.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 — frozen
        prices: Prices | None = Prices(),  # noqa: B008 — frozen
        pace: Callable[[], float] = lambda: 0.05,
        max_retries: int = 2,
    ) -> None:
        address = urlsplit(base_url)
        if address.scheme not in ("http", "https") or not address.hostname or address.username:
            raise ValueError("The base URL must be like https://api.example.com/v1.")
        self.base_url = base_url.rstrip("/")
        self.model = model
        self._timeouts = timeouts
        self._prices = prices
        self._pace = pace
        key = Key(api_key)
        session = open_session(self.base_url, key)
        self._route = Route(session, f"{self.base_url}/chat/completions", key, max_retries)

    def stream(
        self,
        messages: Iterable[ChatMessage],
        *,
        request_id: str,
        model: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        cancellation: Cancellation | None = None,
        timeouts: Timeouts | None = None,
        max_retries: int | None = None,
    ) -> ReplyStream:
        """Ask for a reply to be streamed.

        request_id: 1–128 of A-Za-z0-9._:-, for finding the call in both sides' logs. parameters:
        the API's own (temperature …). Raises ValueError when either is not what it must be.
        `timeouts` and `max_retries` are the client's unless this call has its own.
        """
        call = self._make_call(
            {"stream": True, "stream_options": {"include_usage": True}},
            {"Accept": "text/event-stream", "Accept-Encoding": "identity"},
            messages=messages,
            request_id=request_id,
            model=model,
            parameters=parameters,
            timeouts=timeouts or self._timeouts,
            max_retries=max_retries,
            cancellation=cancellation,
        )
        return ReplyStream(call, prices=self._prices, pace=self._pace)

    def complete(
        self,
        messages: Iterable[ChatMessage],
        *,
        request_id: str | None = None,
        model: str | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Ask for a reply and wait for all of it. Raises ModelError; ValueError as `stream()`.

        Nothing comes before the reply is written, so the first byte has the time of the whole.
        """
        call = self._make_call(
            {},
            {"Accept": "application/json"},
            messages=messages,
            request_id=request_id or uuid.uuid4().hex,
            model=model,
            parameters=parameters,
            timeouts=replace(self._timeouts, first_byte=self._timeouts.whole),
            cancellation=None,
        )
        with call:
            body = call.send_request()
            try:
                content = body.read_all(LARGEST_BODY)
            finally:
                body.close()
            spent = body.headers.get("x-aimlapi-usd-spent")
            date = body.headers.get("date", "")
            return read_completion(content, spent=spent, prices=self._prices, date=date)

    def list_models(
        self,
        *,
        request_id: str | None = None,
        timeouts: Timeouts | None = None,
        cancellation: Cancellation | None = None,
    ) -> list[ServerModel]:
        """Ask which models the server has. Not retried: the caller asks again. Raises
        ModelError, CallCancelledError.
        """
        call = Call(
            replace(self._route, url=f"{self.base_url}/models", max_retries=0),
            None,
            {"Accept": "application/json"},
            request_id=request_id or uuid.uuid4().hex,
            timeouts=timeouts or self._timeouts,
            cancellation=cancellation or Cancellation(),
        )
        with call:
            body = call.send_request()
            try:
                content = body.read_all(LARGEST_LIST)
            finally:
                body.close()
            return read_model_list(content)

    def close(self) -> None:
        """Close the pooled connections that are not in use."""
        self._route.session.close()

    def _make_call(
        self,
        form: dict[str, Any],
        headers: dict[str, str],
        *,
        messages: Iterable[ChatMessage],
        request_id: str,
        model: str | None,
        parameters: Mapping[str, Any] | None,
        timeouts: Timeouts,
        cancellation: Cancellation | None,
        max_retries: int | None = None,
    ) -> Call:
        if not _REQUEST_ID.fullmatch(request_id):
            raise ValueError("A request id is 1 to 128 of A-Z, a-z, 0-9 and ._:-")
        if parameters and not _OURS.isdisjoint(parameters):
            raise ValueError(f"These are not parameters: {', '.join(sorted(_OURS))}")
        request = {"model": model or self.model, "messages": list(messages), **form}
        request.update(parameters or {})
        route = self._route
        return Call(
            route if max_retries is None else replace(route, max_retries=max_retries),
            encode_request(request),
            {**headers, "Content-Type": "application/json"},
            request_id=request_id,
            timeouts=timeouts,
            cancellation=cancellation or Cancellation(),
        )

    @override
    def __repr__(self) -> str:
        return f"<ModelClient {self.model} at {self.base_url}>"

    @override
    def __reduce__(self) -> str:
        raise TypeError("A model client holds a key and open connections: it can't be pickled.")
