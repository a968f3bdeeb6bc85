"""Pictures of all kinds for tests, made here: none is kept."""

import base64
import io
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

RED, BLUE = (200, 30, 30), (30, 30, 200)
GPS = 0x8825
# 64 × 48 pixels, red at the left and blue at the right. There is no encoder for tests.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAACQAAgAAAAACBgABAAAAAAAAAEIAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADd"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAbm1kYXQA"
    "AAAgKAGvGYDvSaW//9/jH/X2r/imyF//s4530Vsf7vcDbW8AAAAGRXhpZgAATU0AKgAAAAgAAgESAAMAAAABAAYAAIgl"
    "AAQAAAABAAAAJgAAAAAAAQABAAIAAAACTgAAAAAAAAA="
)


def halves(width: int = 64, height: int = 48) -> Image.Image:
    """A picture that is red at the left and blue at the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def photo(width: int, height: int) -> Image.Image:
    """A picture of many colours."""
    bands = [Image.linear_gradient("L"), Image.radial_gradient("L")]
    bands.append(bands[0].transpose(Image.Transpose.ROTATE_90))
    noise = Image.effect_noise((width, height), 40)
    picture = Image.merge("RGB", bands).resize((width, height))
    return Image.blend(picture, Image.merge("RGB", [noise] * 3), 0.2)


def save(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF of a phone: which side is up, and where it was."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "Acme phones"
    tags.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "2026:11:27"})
    return tags


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is of this size, and has next to nothing of it."""
    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x06\x00\x00\x00"
    data = zlib.compress(bytes(1000))
    return PngImagePlugin._MAGIC + b"".join(
        len(part).to_bytes(4) + name + part + zlib.crc32(name + part).to_bytes(4)
        for name, part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )
