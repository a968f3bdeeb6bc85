"""The width and height that a picture's first bytes tell, of the formats that the API takes."""

import struct

JPEG_STANDALONE = {0x01, *range(0xD0, 0xD9)}
# Start-of-frame markers; what lies between them defines tables.
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def read_image_size(media_type: str, content: bytes) -> tuple[int, int]:
    """Return both in pixels. Raises ValueError where it is no picture of that type."""
    try:
        match media_type:
            case "image/png" if content.startswith(b"\x89PNG\r\n\x1a\n"):
                return struct.unpack(">II", content[16:24])
            case "image/gif" if content.startswith((b"GIF87a", b"GIF89a")):
                return struct.unpack("<HH", content[6:10])
            case "image/jpeg" if content.startswith(b"\xff\xd8"):
                return _read_jpeg_size(content)
            case "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
                return _read_webp_size(content)
    except (struct.error, IndexError):
        pass
    raise ValueError(f"not a picture of type {media_type}")


def _read_jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        if marker == 0xFF:
            place += 1
        elif marker in JPEG_STANDALONE:
            place += 2
        else:
            place += 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
    raise IndexError("no frame")


def _read_webp_size(content: bytes) -> tuple[int, int]:
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = struct.unpack("<I", content[21:25])[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            sizes = content[24:30]
            width, height = (int.from_bytes(sizes[at : at + 3], "little") + 1 for at in (0, 3))
            return width, height
    raise IndexError("no frame")
