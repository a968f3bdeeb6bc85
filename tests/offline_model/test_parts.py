"""Pictures and files in a request: what is refused, counted and said of them."""

import base64
import struct
from typing import Any

import pytest

from conversations.offline_model import Fault, OfflineModel
from conversations.offline_model.image_size import read_image_size
from tests.attachments.factories import PDF
from tests.offline_model.client import Client
from tests.pictures import make_png

PNG = make_png(64, 48)
JPEG_START = b"\xff\xd8\xff\xe0\0\x04xx"


def webp(kind: bytes, content: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + content


def data_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def image(url: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url or data_url(PNG), **fields}}


def pdf(content: bytes = PDF, media_type: str = "application/pdf") -> dict[str, Any]:
    return {
        "type": "file",
        "file": {"filename": "r.pdf", "file_data": data_url(content, media_type)},
    }


def ask(client: Client, *parts: dict[str, Any], role: str = "user") -> dict[str, Any]:
    messages = [{"role": role, "content": list(parts)}]
    answer: dict[str, Any] = client.post({"model": "m", "messages": messages}).json()
    return answer


def test_it_says_what_it_was_sent(client: Client) -> None:
    answer = ask(client, image(), pdf(), {"type": "text", "text": "What’s this?"})
    said = answer["choices"][0]["message"]["content"]
    assert f"a picture of 64 × 48 pixels ({len(PNG)} bytes)" in said
    assert f"the PDF “r.pdf” ({len(PDF)} bytes)" in said
    assert "`What’s this?`" in said


@pytest.mark.parametrize(
    ("part", "named"),
    [
        (image("https://example.com/cat.png"), "image_url.url"),
        (image("data:image/png,abc"), "image_url.url"),
        (image(data_url(PNG, "image/avif")), "image_url.url"),
        (image(data_url(PNG, "image/jpeg")), "image_url.url: invalid image"),
        (image(data_url(b"GIF89a", "image/gif")), "image_url.url: invalid image"),
        (image("data:image/png;base64,===="), "image_url.url: not base64"),
        (image(detail="high-ish"), "image_url.detail"),
        ({"type": "image_url"}, "image_url.detail"),
        (pdf(b"Not one."), "file.file_data: invalid file"),
        (pdf(media_type="text/plain"), "file.file_data"),
        ({"type": "file", "file": {"file_data": data_url(PDF)}}, "file.filename"),
        ({"type": "text"}, "text"),
    ],
)
def test_what_the_api_refuses_gets_a_400_that_names_the_field(
    client: Client, part: dict[str, Any], named: str
) -> None:
    answer = ask(client, part)
    assert answer["statusCode"] == 400
    assert f"messages.0.content.0.{named}" in answer["message"]


def test_only_users_send_pictures(client: Client) -> None:
    assert ask(client, image(), role="assistant")["statusCode"] == 400


@pytest.mark.parametrize(("detail", "tokens"), [("auto", 2352), ("low", 414)])
def test_a_picture_counts_its_patches(client: Client, detail: str, tokens: int) -> None:
    answer = ask(client, image(data_url(make_png(1800, 2400)), detail=detail))
    assert answer["usage"]["prompt_tokens"] == tokens + 4


def test_each_page_of_a_pdf_counts_a_picture(client: Client) -> None:
    one = ask(client, pdf())["usage"]["prompt_tokens"]
    two = ask(client, pdf(PDF + b" 2 0 obj << /Type/Page >> endobj"))["usage"]["prompt_tokens"]
    assert two - 4 == 2 * (one - 4)


def test_what_was_sent_before_is_had_from_the_cache(client: Client) -> None:
    first = ask(client, image())["usage"]
    again = ask(client, image())["usage"]
    assert first["prompt_tokens_details"]["cached_tokens"] == 0
    assert again["prompt_tokens_details"]["cached_tokens"] == again["prompt_tokens"]


@pytest.mark.parametrize(("fault", "part"), [("refuse_images", image()), ("refuse_files", pdf())])
def test_a_line_has_them_refused(client: Client, fault: str, part: dict[str, Any]) -> None:
    line = {"type": "text", "text": f"/fault {fault}"}
    assert ask(client, part, line)["statusCode"] == 400
    assert "choices" in ask(client, line)


def test_it_refuses_in_the_words_that_are_scripted(client: Client, model: OfflineModel) -> None:
    model.script(Fault(refuse_images=True, message="No."))
    assert ask(client, image())["message"] == "No."


@pytest.mark.parametrize(
    ("media_type", "beginning"),
    [
        ("image/png", make_png(301, 97)[:33]),
        ("image/gif", b"GIF89a" + struct.pack("<HH", 301, 97)),
        ("image/jpeg", JPEG_START + b"\xff\xc0\0\x0b\x08" + struct.pack(">HH", 97, 301)),
        ("image/jpeg", JPEG_START + b"\xff\xff\xc2\0\x0b\x08" + struct.pack(">HH", 97, 301)),
        ("image/webp", webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 301, 97))),
        ("image/webp", webp(b"VP8L", b"\x2f" + struct.pack("<I", 300 | 96 << 14))),
        ("image/webp", webp(b"VP8X", b"\0\0\0\0" + b"\x2c\x01\0" + b"\x60\0\0")),
    ],
)
def test_the_size_of_a_picture_is_read(media_type: str, beginning: bytes) -> None:
    assert read_image_size(media_type, beginning) == (301, 97)
