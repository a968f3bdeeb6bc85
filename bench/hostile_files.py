"""How late the site answers others while hostile files are read.

    python -m bench hostile-files

One file after another is read as a message's would be, in a process with gevent's loop, where a
clock ticks every millisecond: what its ticks are late is what any answer of the site would be. Then
all of them are uploaded to a site that is asked for `/healthz/` meanwhile.
"""

import json
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import requests
from PIL import Image

from bench.hostile_code import latencies
from bench.report import Row, mb, s
from bench.stage import stage
from tests.attachments.document_files import docx, laughs, pack, word
from tests.attachments.pdf_files import image_pdf, nested_forms, pdf, text_page
from tests.attachments.picture_files import halves, photo, png_header, save
from tests.server.startup.visitor import Visitor

TARGET = "≤ 100 ms"
FILE_SIZE = 30_000_000  # bytes
# Seconds between two requests, and for which an idle site is asked.
PAUSE = 0.01
IDLE = 5.0


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
    yield from rows_of_a_site()


def rows_of_a_site() -> Iterator[Row]:
    # Made before: that would hold up whoever asks, which is in this process.
    uploads = [(what, content) for what, content in make_files() if len(content) <= FILE_SIZE]
    room = {"FILE_SIZE_LIMIT": str(FILE_SIZE), "FILES_PER_MESSAGE": "50"}
    with stage(**room, MESSAGE_FILES_LIMIT=str(50 * FILE_SIZE)) as place:
        place.site.make_users()
        visitor = Visitor(place.site)
        url = f"{place.site.url}/healthz/"
        idle = list(ask(url, Event(), IDLE))
        is_over, beside = Event(), list[float]()
        asking = Thread(target=lambda: beside.extend(ask(url, is_over)))
        asking.start()
        try:
            for what, content in uploads:
                visitor.upload(f"{what}.bin", content)
        finally:
            is_over.set()
            asking.join()
    yield Row(
        "`/healthz/` of a site to which all of these are uploaded, one after another",
        latencies(beside),
        compared=f"idle: {latencies(idle)}",
        target=TARGET,
    )


def ask(url: str, is_over: Event, seconds: float = math.inf) -> Iterator[float]:
    """Seconds for each answer, until it is over or so many have passed."""
    end = time.monotonic() + seconds
    with requests.Session() as session:
        while not is_over.wait(PAUSE) and time.monotonic() < end:
            began = time.perf_counter()
            assert session.get(url, timeout=60).status_code == 200
            yield time.perf_counter() - began


def make_files() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(1)
    yield "a word", b"word"
    yield "a photo of 12 million pixels", save(photo(4000, 3000), "JPEG")
    yield "text", b"All work and no play makes Jack a dull boy.\n" * 450_000
    yield "a PNG that says 500 million pixels", png_header(20_000, 25_000)
    transparent = Image.new("P", (8000, 8000))
    yield "64 million pixels to see through", save(transparent, "PNG", transparency=0)
    yield "a PDF of 10,000 pages", pdf([text_page("x " * 20)] * 10_000)
    yield "a PDF whose forms draw forms, 10¹² in all", nested_forms(12)
    yield "a PDF of a picture of 225 million pixels", image_pdf(15_000)
    yield "a zip bomb", pack({"word/document.xml": bytes(2 * 10**8)})
    yield "a zip bomb of 99 MB", docx(word("x" * 99_000_000))
    yield "a billion laughs", docx(word("&j;"), laughs())
    yield "elements in each other", docx("<w:p>" * 10**6 + "</w:p>" * 10**6)
    yield "HTML in itself", b"<html>" + b"<div><b><ul><li>" * 50_000
    page = b"<html><script>alert(1)</script>"
    yield "a GIF that is a page", save(halves(), "GIF", comment=page) + page
    yield "half a JPEG", save(photo(2000, 2000), "JPEG")[:400_000]
    yield "random bytes", chance.randbytes(20_000_000)
    yield "random bytes after a PDF's head", b"%PDF-1.7\n" + chance.randbytes(20_000_000)
    yield "random bytes after a ZIP's", b"PK\x03\x04" + chance.randbytes(20_000_000)
