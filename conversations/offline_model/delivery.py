"""When the bytes of a reply are sent, and what goes wrong on the way."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle

from conversations.offline_model.connection import Exchange
from conversations.offline_model.faults import Fault
from conversations.offline_model.sse_events import Frames, Reply, error_body

# At full speed, this many tokens go into one write: a stream stays a stream, others get a turn.
BURST = 64


async def deliver(
    exchange: Exchange,
    reply: Reply,
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
    """One reply on its way as server-sent events."""

    def __init__(self, exchange: Exchange, reply: Reply, fault: Fault, rate: float) -> None:
        self._exchange = exchange
        self._reply = reply
        self._fault = fault
        self._rate = rate
        self._frames = Frames(reply, fault)
        self._sizes = cycle(fault.chunk_sizes)

    async def send(self, headers: Mapping[str, str]) -> None:
        content_type = {"Content-Type": self._fault.content_type, "Cache-Control": "no-cache"}
        self._exchange.begin(200, {**headers, **content_type})
        self._write(self._frames.opening())
        await self._send_tokens(self._reply.reasoning, self._frames.reasoning)
        sent = 0
        for position, incident in _incidents(self._fault):
            await self._send_tokens(self._reply.tokens[sent:position], self._frames.tokens)
            sent = position
            match incident:
                case "stall":
                    await self._stall()
                case "malformed":
                    self._write(self._frames.malformed())
                case "error":
                    self._write(self._frames.error())
                    self._exchange.end()
                    return
                case "cut":
                    self._exchange.cut()
                    return
        await self._send_tokens(self._reply.tokens[sent:], self._frames.tokens)
        self._write(self._frames.closing())
        await asyncio.sleep(self._fault.hold)
        self._exchange.end()

    async def _stall(self) -> None:
        fault, loop = self._fault, asyncio.get_running_loop()
        if fault.stall_filler == "nothing":
            await asyncio.sleep(fault.stall_seconds)
            return
        end = loop.time() + fault.stall_seconds
        while loop.time() < end:
            self._write(self._frames.filler(fault.stall_filler))
            await self._exchange.drained()
            await asyncio.sleep(fault.stall_every)

    async def _send_tokens(
        self, tokens: Sequence[str], encode: Callable[[Sequence[str]], bytes]
    ) -> None:
        """Each at its own time after the start of this call, so that lateness doesn't add up."""
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
            await self._exchange.drained()
            if not rate:
                await asyncio.sleep(0)

    def _write(self, data: bytes) -> None:
        self._exchange.write(*_cut(data, self._sizes))


async def _send_whole(
    exchange: Exchange, reply: Reply, fault: Fault, rate: float, headers: Mapping[str, str]
) -> None:
    """One JSON body, when its last token would have been there; mishaps are told by their kind."""
    if rate:
        await asyncio.sleep(len(reply.tokens) / rate)
    if fault.gate:
        for _ in reply.tokens:
            await fault.gate.admit()
    body = reply.whole(fault)
    headers = {**headers, **reply.price_header(), "Content-Type": "application/json"}
    for _, incident in _incidents(fault):
        match incident:
            case "stall":
                await asyncio.sleep(fault.stall_seconds)
            case "malformed":
                body = body[: len(body) // 2]
            case "error":
                body = error_body(fault)
            case "cut":
                exchange.begin(200, headers)
                exchange.write(body[: len(body) // 2])
                exchange.cut()
                return
    exchange.request.tokens_sent = len(reply.tokens)
    exchange.respond(200, body, headers)


def _send_raw(exchange: Exchange, body: bytes, fault: Fault, headers: Mapping[str, str]) -> None:
    exchange.begin(200, {**headers, "Content-Type": fault.content_type})
    exchange.write(*_cut(body, cycle(fault.chunk_sizes)))
    exchange.end()


def _cut(data: bytes, sizes: Iterator[int]) -> Iterator[bytes]:
    """Cut what is about to be written into pieces of the next sizes; whole when there are none."""
    while data:
        size = next(sizes, len(data))
        yield data[:size]
        data = data[size:]


def _incidents(fault: Fault) -> list[tuple[int, str]]:
    """What happens in the middle of the reply, as (tokens before it, what), in order."""
    planned = {
        "stall": fault.stall,
        "malformed": fault.malformed,
        "error": fault.error,
        "cut": fault.cut,
    }
    found = [(position, what) for what, position in planned.items() if isinstance(position, int)]
    return sorted(found, key=lambda incident: incident[0])
