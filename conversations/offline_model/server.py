"""The server itself: an event loop in a thread of its own, from `start` to `close`."""

import asyncio
import itertools
import threading
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from conversations.offline_model.api import ChatApi, ReplySettings
from conversations.offline_model.connection import ClientConnection, Exchange, ReceivedRequest
from conversations.offline_model.faults import Fault, Shape

BACKLOG = 4096


class OfflineModel:
    """The offline model on a port of its own; use it as a context manager, from any thread.

    rate: tokens a second, 0 for as fast as possible. tokens: the exact length of every reply, None
    for natural ones; shape: what such a reply of exact length is made of. port 0: any free one.
    record: whether to keep `requests`, which a server that runs for days must not.
    Starting raises OSError when the address can't be had.
    """

    def __init__(
        self,
        *,
        rate: float = 0,
        tokens: int | None = None,
        shape: Shape = "prose",
        host: str = "127.0.0.1",
        port: int = 0,
        record: bool = True,
    ) -> None:
        self.host = host
        self.port = port
        self.requests: list[ReceivedRequest] = []
        self._record = record
        self._arrival = threading.Condition()
        self._api = ChatApi(ReplySettings(rate=rate, tokens=tokens, shape=shape))
        self._connections: set[ClientConnection] = set()
        self._started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run()), name="offline-model", daemon=True
        )

    @property
    def base_url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/v1"

    def start(self) -> None:
        self._thread.start()
        self._started.result()

    def close(self) -> None:
        """Stop listening, drop every connection, end every reply; returns when that is done."""
        loop, stop = self._started.result()
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def script(self, *faults: Fault) -> None:
        """Have the next valid chat requests meet these, in order, each `times` times (or once)."""
        for fault in faults:
            self._api.scripted.extend([fault] * (fault.times or 1))

    def forget(self) -> None:
        """Drop what is scripted and recorded; replies that are under way go on."""
        self._api.scripted.clear()
        with self._arrival:
            self.requests.clear()

    def wait_for_request(self, number: int = 1, timeout: float = 5.0) -> ReceivedRequest:
        """Return the first, second … request as soon as it has come in; TimeoutError if not."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.requests) >= number, timeout):
                raise TimeoutError(f"Request {number} did not come in within {timeout} s.")
            return self.requests[number - 1]

    async def _run(self) -> None:
        loop, stop, ids = asyncio.get_running_loop(), asyncio.Event(), itertools.count(1)

        def connect() -> ClientConnection:
            return ClientConnection(next(ids), self._answer, self._connections)

        try:
            server = await loop.create_server(connect, self.host, self.port, backlog=BACKLOG)
        except OSError as error:
            self._started.set_exception(error)
            return
        self.port = server.sockets[0].getsockname()[1]
        self._started.set_result((loop, stop))
        await stop.wait()
        # Those that have just been accepted are made in the loop's next round, and a server that is
        # closed by then would neither take them nor close them.
        for listener in server.sockets:
            loop.remove_reader(listener.fileno())
        await asyncio.sleep(0)
        server.close()
        while self._connections:
            for connection in list(self._connections):
                connection.abort()
            await asyncio.sleep(0)
        await server.wait_closed()

    async def _answer(self, exchange: Exchange) -> None:
        if self._record:
            with self._arrival:
                self.requests.append(exchange.request)
                self._arrival.notify_all()
        await self._api.answer(exchange)
