"""One reply, from the sending of the message to its end: through the site, or from the upstream
alone.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.client import Connection, Response
from bench.stage import Address, Person

FIRST_WORD = b"Part"  # of every reply in prose
END = b"event: end"
CSRF = "c" * 32
TIMEOUT = 60  # seconds for a reply


@dataclass(frozen=True)
class Timing:
    """Seconds since the message was sent."""

    first: float
    done: float


type Ask = Callable[[Connection], Awaitable[Timing]]


async def at_once(address: Address, asks: Sequence[Ask]) -> list[Timing]:
    """All at the same time, each on a connection that is open already, as a browser's is."""
    connections = [await Connection.open(address) for _ in asks]
    try:
        async with asyncio.timeout(TIMEOUT):
            together = zip(asks, connections, strict=True)
            return await asyncio.gather(*(ask(connection) for ask, connection in together))
    finally:
        for connection in connections:
            await connection.close()


def alone(upstream: Address, clients: int) -> list[Timing]:
    """What that many clients get from the upstream with no site between."""
    return asyncio.run(at_once(upstream, [ask_upstream] * clients))


def through_site(site: Address, people: Sequence[Person]) -> list[Timing]:
    """One message of each person, in their first conversation, all at once."""

    def ask_for(person: Person) -> Ask:
        return lambda connection: ask_site(connection, person)

    return asyncio.run(at_once(site, [ask_for(person) for person in people]))


async def ask_upstream(connection: Connection) -> Timing:
    sent = time.perf_counter()
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": "Bearer key", "Content-Type": "application/json"}
    path = "/v1/chat/completions"
    response = await connection.request("POST", path, headers, json.dumps(body).encode())
    return await timing(response.parts(), sent)


async def ask_site(connection: Connection, person: Person) -> Timing:
    """As the page does it: post the message, then open the stream that the answer names."""
    sent = time.perf_counter()
    path = await send(connection, person, person.conversations[0], "Hello")
    response = await open_stream(connection, person, path)
    return await timing(response.parts(), sent)


async def send(connection: Connection, person: Person, conversation: str, text: str) -> str:
    """The path of the reply's stream."""
    form = urlencode({"text": text, "token": str(time.time_ns())}).encode()
    headers = {
        **signed_in(person),
        "HX-Request": "true",
        "X-CSRFToken": CSRF,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    response = await connection.request("POST", f"/c/{conversation}/messages/", headers, form)
    found = re.search(rb'hx-sse:connect="([^"]+)"', await response.read())
    assert found, "The answer names no stream."
    return found[1].decode()


async def open_stream(
    connection: Connection, person: Person, path: str, encoding: str = "gzip"
) -> Response:
    headers = {**signed_in(person), "Accept": "text/event-stream", "Accept-Encoding": encoding}
    return await connection.request("GET", path, headers)


def signed_in(person: Person) -> dict[str, str]:
    cookie = f"sessionid={person.session}; csrftoken={CSRF}"
    return {"Cookie": cookie, "Accept-Encoding": "gzip"}


async def timing(parts: AsyncIterator[bytes], sent: float) -> Timing:
    first = 0.0
    read = b""
    async for part in parts:
        if not first:
            read += part
            if FIRST_WORD in read:
                first = time.perf_counter() - sent
    assert first, "The reply has no text."
    return Timing(first, time.perf_counter() - sent)
