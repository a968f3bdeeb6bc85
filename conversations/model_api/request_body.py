"""The body of a request: bytes, or, where it holds pictures or files, JSON and base64 by the
piece.

Each attempt reads the files anew, and none is ever in memory as a whole. The length is known
before, as servers want it.
"""

import base64
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from conversations.model_api.errors import UnreadableFileError
from conversations.model_api.parts import Content, FilePart, ImagePart, MediaPart, Part, TextPart

# A multiple of three, so that the base64 of the pieces is that of the whole.
READ_SIZE = 24 * 1024


class RequestBody:
    """What is sent, in its order: bytes, and parts whose base64 is."""

    def __init__(self, pieces: Sequence[bytes | MediaPart]) -> None:
        self._pieces = pieces
        self._length = sum(
            len(piece) if isinstance(piece, bytes) else piece.blob.encoded_size for piece in pieces
        )

    def open(self, keep_sending: Callable[[], object]) -> "bytes | BodyReader":
        """Return it for one attempt. `keep_sending` is called before each piece that is read, and
        may raise.
        """
        match self._pieces:
            case [bytes(whole)]:
                return whole
        return BodyReader(self._pieces, self._length, keep_sending)


class BodyReader:
    """An iterable of known length, which is what `requests` wants to send it with a Content-Length.
    Iterating raises UnreadableFileError.
    """

    def __init__(
        self,
        pieces: Sequence[bytes | MediaPart],
        length: int,
        keep_sending: Callable[[], object],
    ) -> None:
        self._pieces = pieces
        self._length = length
        self._keep_sending = keep_sending

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            for data in read_base64(piece):
                self._keep_sending()
                yield data
                # A fast line would have no other thread run until all is sent: under gevent only
                # what waits gives way.
                time.sleep(0)


def read_base64(part: MediaPart) -> Iterator[bytes]:
    """Yield it by the piece: exactly as much as it said. Raises UnreadableFileError."""
    left = part.blob.size
    try:
        with part.blob.open() as file:
            while left:
                data = read_exactly(file, min(left, READ_SIZE))
                left -= len(data)
                yield base64.b64encode(data)
    # Storages raise whatever their libraries do.
    except Exception as error:
        raise UnreadableFileError(f"{type(error).__name__}: {error}", key=part.key) from error


def read_exactly(file: Any, size: int) -> bytes:
    data: bytes = file.read(size)
    while len(data) < size:
        if not (more := file.read(size - len(data))):
            raise EOFError(f"{size - len(data)} bytes are missing")
        data += more
    return data


def encode_request(request: Mapping[str, Any]) -> RequestBody:
    """Return a request as JSON; the content of its messages may hold parts."""
    media: list[MediaPart] = []
    # Unknown to whoever wrote what is sent, so that it stands nowhere else.
    mark = secrets.token_hex(16)

    def place(part: MediaPart) -> str:
        media.append(part)
        return f"data:{part.media_type};base64,{mark}"

    messages = [
        {**message, "content": encode_content(message["content"], place)}
        for message in request["messages"]
    ]
    # Half a surrogate pair has no UTF-8: a question mark beats a message never sent.
    encoded = json.dumps({**request, "messages": messages}, ensure_ascii=False, allow_nan=False)
    first, *rest = encoded.encode("utf-8", "replace").split(mark.encode())
    pieces: list[bytes | MediaPart] = [first]
    for part, following in zip(media, rest, strict=True):
        pieces += [part, following]
    return RequestBody(pieces)


def encode_content(content: Content, place: Callable[[MediaPart], str]) -> str | list[Any]:
    if isinstance(content, str):
        return content
    return [encode_part(part, place) for part in content]


def encode_part(part: Part, place: Callable[[MediaPart], str]) -> dict[str, Any]:
    """Return a part in the form of the API; `place` says what stands for its bytes."""
    match part:
        case TextPart(text):
            return {"type": "text", "text": text}
        case ImagePart(detail=detail):
            return {"type": "image_url", "image_url": {"url": place(part), "detail": detail}}
        case FilePart(name=name):
            return {"type": "file", "file": {"filename": name, "file_data": place(part)}}
