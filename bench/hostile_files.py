"""How late the site answers others while hostile files are read.

    python -m bench hostile-files

One file after another is read as a message's would be, in a process with gevent's loop, where a
clock ticks every millisecond: what its ticks are late is what any answer of the site would be.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from bench.hostile_code import latencies
from bench.report import Row, mb, s
from tests.attachments import files

TARGET = "≤ 100 ms"


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (what, content) in enumerate(make_files()):
            name = f"{number:02}"
            names[name] = f"{what}, {mb(len(content))}"
            Path(folder, name).write_bytes(content)
        command = [sys.executable, "-m", "bench.reading_lateness", folder]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
    measured = json.loads(done.stdout)
    for name, (outcome, seconds, delays) in measured["files"].items():
        yield Row(names[name], latencies(delays), "", f"{outcome} after {s(seconds)}", TARGET)
    yield Row("memory of the largest helper: RSS", mb(measured["largest"]))


def make_files() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(1)
    yield "a word", b"word"
    yield "a photo of 12 million pixels", files.save(files.photo(4000, 3000), "JPEG")
    yield "text", b"All work and no play makes Jack a dull boy.\n" * 450_000
    yield "a PNG that says 500 million pixels", files.png_header(20_000, 25_000)
    transparent = Image.new("P", (8000, 8000))
    yield "64 million pixels to see through", files.save(transparent, "PNG", transparency=0)
    yield "a PDF of 10,000 pages", files.pdf([files.text_page("x " * 20)] * 10_000)
    yield "a PDF whose forms draw forms, 10¹² in all", files.nested_forms(12)
    yield "a PDF of a picture of 225 million pixels", files.image_pdf(15_000)
    yield "a zip bomb", files.pack({"word/document.xml": bytes(2 * 10**8)})
    yield "a zip bomb of 99 MB", files.docx(files.word("x" * 99_000_000))
    yield "a billion laughs", files.docx(files.word("&j;"), files.laughs())
    yield "elements in each other", files.docx("<w:p>" * 10**6 + "</w:p>" * 10**6)
    yield "HTML in itself", b"<html>" + b"<div><b><ul><li>" * 50_000
    page = b"<html><script>alert(1)</script>"
    yield "a GIF that is a page", files.save(files.halves(), "GIF", comment=page) + page
    yield "half a JPEG", files.save(files.photo(2000, 2000), "JPEG")[:400_000]
    yield "random bytes", chance.randbytes(20_000_000)
    yield "random bytes after a PDF's head", b"%PDF-1.7\n" + chance.randbytes(20_000_000)
    yield "random bytes after a ZIP's", b"PK\x03\x04" + chance.randbytes(20_000_000)
