"""Pictures for tests to attach."""

import struct
import zlib


def make_png(
    width: int, height: int, color: tuple[int, int, int] = (40, 90, 180), *, level: int = 9
) -> bytes:
    """Return a picture of one colour with a lighter corner, as well compressed as `level` says."""
    light = bytes(min(255, part + 60) for part in color)
    upper = b"\0" + light * (width // 2) + bytes(color) * (width - width // 2)
    lower = b"\0" + bytes(color) * width
    rows = upper * (height // 2) + lower * (height - height // 2)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, level)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(make_chunk(*chunk) for chunk in chunks)


def make_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum
