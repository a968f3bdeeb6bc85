"""A light HTTP client: hundreds of readers of streams must not take the processor from the server.

It speaks what the site and the offline model speak: HTTP/1.1, kept alive, chunked, gzip.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from bench.stage import Address

GZIP = 16
LIMIT = 1 << 20  # bytes that a connection buffers


class Connection:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, address: Address) -> Self:
        return cls(*await asyncio.open_connection(address.host, address.port, limit=LIMIT))

    async def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> "Response":
        """Returns once the head of the response is there; raises where it isn't a 200."""
        fields = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {it}" for name, it in fields.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        response = Response(self._reader, head)
        assert head.startswith(b"HTTP/1.1 200"), head + await response.read()
        return response

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@dataclass
class Response:
    """`on_wire` counts the bytes that have come in: head, framing and body."""

    reader: asyncio.StreamReader
    head: bytes
    on_wire: int = field(init=False)

    def __post_init__(self) -> None:
        self.on_wire = len(self.head)

    def header(self, name: str) -> str:
        found = re.search(rb"(?im)^%s: *(.*?)\r$" % name.encode(), self.head)
        return found[1].decode() if found else ""

    async def read(self) -> bytes:
        return b"".join([part async for part in self.parts()])

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it comes in, unpacked."""
        gzipped = self.header("Content-Encoding") == "gzip"
        unpack = zlib.decompressobj(zlib.MAX_WBITS + GZIP).decompress if gzipped else bytes
        async for part in self._framed():
            yield unpack(part)

    async def _framed(self) -> AsyncIterator[bytes]:
        if self.header("Transfer-Encoding") != "chunked":
            body = await self.reader.readexactly(int(self.header("Content-Length")))
            self.on_wire += len(body)
            yield body
            return
        while True:
            line = await self.reader.readuntil(b"\r\n")
            size = int(line, 16)
            chunk = await self.reader.readexactly(size + 2)
            self.on_wire += len(line) + len(chunk)
            if not size:
                return
            yield chunk[:-2]
