"""Has files read in the test's own process, by what the helper calls."""

import io
from collections.abc import Collection

import pytest
from PIL import Image

from conversations.attachments.reading.answering import answer_request
from conversations.attachments.reading.framing import Request, pack_request, unpack_answer
from conversations.attachments.reading.values import (
    KINDS,
    FileReading,
    ReadingLimits,
    UnreadableFileError,
)


def read(
    content: bytes, name: str = "a.file", kinds: Collection[str] = KINDS, **limits: int
) -> FileReading:
    request = Request(name, kinds, ReadingLimits(**limits))
    return unpack_answer(answer_request(pack_request(request, content)))


def find_error(
    content: bytes, name: str = "a.file", kinds: Collection[str] = KINDS, **limits: int
) -> str:
    """The code of why it can't be read."""
    with pytest.raises(UnreadableFileError) as caught:
        read(content, name, kinds, **limits)
    return caught.value.code


def picture(reading: FileReading, name: str) -> Image.Image:
    output = reading.outputs[name]
    image = Image.open(io.BytesIO(output.content))
    assert image.get_format_mimetype() == output.media_type
    image.load()
    return image
