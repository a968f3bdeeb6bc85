"""A gate that tokens wait at: how a test holds a reply still without sleeping."""

import asyncio
import threading


class Gate:
    """Shut at first: each token behind it takes one permit. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._permits = 0
        self._is_open = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def release(self, tokens: int = 1) -> None:
        """Let that many more tokens through."""
        with self._lock:
            self._permits += tokens
        self._wake()

    def open(self) -> None:
        """Let everything through from now on."""
        with self._lock:
            self._is_open = True
        self._wake()

    async def admit(self) -> None:
        """Wait until one token may pass."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        while not self._take_permit_or_queue(loop, woken):
            await woken.wait()
            woken.clear()

    def _take_permit_or_queue(self, loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> bool:
        with self._lock:
            if self._is_open:
                return True
            if self._permits:
                self._permits -= 1
                return True
            self._waiting.append((loop, woken))
            return False

    def _wake(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for loop, woken in waiting:
            # A server that was closed meanwhile has nobody left to wake.
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)
