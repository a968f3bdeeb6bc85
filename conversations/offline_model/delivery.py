"""When the bytes of a reply are sent, and what goes wrong on the way."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle

from conversations.offline_model.connection import Exchange
from conversations.offline_model.faults import Fault
from conversations.offline_model.sse_events import EventEncoder, PlannedReply, encode_error

# At full speed, this many tokens go into one write: a stream stays a stream, others get a turn.
BURST = 64


async def deliver_reply(
    exchange: Exchange,
    reply: PlannedReply,
    fault: Fault,
    *,
    streamed: bool,
    rate: float,
    headers: Mapping[str, str],
) -> None:
    """Send the reply in the form asked for; it lasts its number of tokens ÷ rate seconds."""
    if fault.stall == "headers":
        await asyncio.sleep(fault.stall_seconds)
    if fault.cut == "headers":
        exchange.reset()
    elif fault.raw is not None:
        _send_raw(exchange, fault.raw, fault, headers)
    elif streamed and not fault.json_body:
        await _Stream(exchange, reply, fault, rate).send(headers)
    else:
        await _send_whole(exchange, reply, fault, rate, headers)


class _Stream:
    """Sends one reply as server-sent events."""

    def __init__(self, exchange: Exchange, reply: PlannedReply, fault: Fault, rate: float) -> None:
        self._exchange = exchange
        self._reply = reply
        self._fault = fault
        self._rate = rate
        self._encoder = EventEncoder(reply, fault)
        self._sizes = cycle(fault.chunk_sizes)

    async def send(self, headers: Mapping[str, str]) -> None:
        content_type = {"Content-Type": self._fault.content_type, "Cache-Control": "no-cache"}
        self._exchange.begin(200, {**headers, **content_type})
        self._write(self._encoder.encode_opening())
        await self._send_tokens(self._reply.reasoning, self._encoder.encode_reasoning)
        sent = 0
        for position, incident in _list_incidents(self._fault):
            await self._send_tokens(self._reply.tokens[sent:position], self._encoder.encode_tokens)
            sent = position
            match incident:
                case "stall":
                    await self._stall()
                case "malformed":
                    self._write(self._encoder.encode_malformed())
                case "error":
                    self._write(self._encoder.encode_in_stream_error())
                    self._exchange.end()
                    return
                case "cut":
                    self._exchange.close()
                    return
        await self._send_tokens(self._reply.tokens[sent:], self._encoder.encode_tokens)
        self._write(self._encoder.encode_closing())
        await asyncio.sleep(self._fault.hold)
        self._exchange.end()

    async def _stall(self) -> None:
        fault, loop = self._fault, asyncio.get_running_loop()
        if fault.stall_filler == "nothing":
            await asyncio.sleep(fault.stall_seconds)
            return
        end = loop.time() + fault.stall_seconds
        while loop.time() < end:
            self._write(self._encoder.encode_filler(fault.stall_filler))
            await self._exchange.wait_until_writable()
            await asyncio.sleep(fault.stall_every)

    async def _send_tokens(
        self, tokens: Sequence[str], encode: Callable[[Sequence[str]], bytes]
    ) -> None:
        """Send each at its own time after the start of this call: lateness doesn't add up."""
        loop, gate, rate = asyncio.get_running_loop(), self._fault.gate, self._rate
        started, sent = loop.time(), 0
        while sent < len(tokens):
            due = sent + BURST
            if rate:
                await asyncio.sleep(started + (sent + 1) / rate - loop.time())
                due = max(sent + 1, int((loop.time() - started) * rate))
            if gate:
                await gate.admit()
                due = sent + 1
            batch = tokens[sent:due]
            sent += len(batch)
            # Counted first: a client that has read a token finds it counted.
            self._exchange.request.tokens_sent += len(batch)
            self._write(encode(batch))
            await self._exchange.wait_until_writable()
            if not rate:
                await asyncio.sleep(0)

    def _write(self, data: bytes) -> None:
        self._exchange.write(*_split_into_chunks(data, self._sizes))


async def _send_whole(
    exchange: Exchange, reply: PlannedReply, fault: Fault, rate: float, headers: Mapping[str, str]
) -> None:
    """Send one JSON body, when its last token would have been there."""
    if rate:
        await asyncio.sleep(len(reply.tokens) / rate)
    if fault.gate:
        for _ in reply.tokens:
            await fault.gate.admit()
    body = reply.encode_whole(fault)
    headers = {**headers, **reply.price_header(fault), "Content-Type": "application/json"}
    for _, incident in _list_incidents(fault):
        match incident:
            case "stall":
                await asyncio.sleep(fault.stall_seconds)
            case "malformed":
                body = body[: len(body) // 2]
            case "error":
                body = encode_error(fault)
            case "cut":
                exchange.begin(200, headers)
                exchange.write(body[: len(body) // 2])
                exchange.close()
                return
    exchange.request.tokens_sent = len(reply.tokens)
    exchange.respond(200, body, headers)


def _send_raw(exchange: Exchange, body: bytes, fault: Fault, headers: Mapping[str, str]) -> None:
    exchange.begin(200, {**headers, "Content-Type": fault.content_type})
    exchange.write(*_split_into_chunks(body, cycle(fault.chunk_sizes)))
    exchange.end()


def _split_into_chunks(data: bytes, sizes: Iterator[int]) -> Iterator[bytes]:
    """Cut what is about to be written into pieces of the next sizes; whole when there are none."""
    while data:
        size = next(sizes, len(data))
        yield data[:size]
        data = data[size:]


def _list_incidents(fault: Fault) -> list[tuple[int, str]]:
    """Return what happens in the middle of the reply, as (tokens before it, what), in order."""
    planned = {
        "stall": fault.stall,
        "malformed": fault.malformed,
        "error": fault.error,
        "cut": fault.cut,
    }
    found = [(position, what) for what, position in planned.items() if isinstance(position, int)]
    return sorted(found, key=lambda incident: incident[0])
