"""Files are read in helper processes, one after another, whatever is in them."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from conversations.attachments import reader
from conversations.attachments.reader import ERRORS, FileReader, describe_error
from conversations.attachments.reading.framing import Request
from conversations.attachments.reading.values import (
    KINDS,
    FileReading,
    ReadingLimits,
    UnreadableFileError,
)
from tests.attachments.document_files import docx, laughs, pack, word
from tests.attachments.pdf_files import blank_pdf, image_pdf, nested_forms
from tests.attachments.picture_files import halves, png_header, save

type Make = Callable[..., FileReader]

REQUEST = Request("a.file", KINDS, ReadingLimits())
GREENLETS = """
from gevent import monkey
monkey.patch_all()
import gevent
from conversations.attachments.reader import read_file, stop_reader

turns = []
other = gevent.spawn(lambda: [turns.append(gevent.sleep(0.001)) for _ in range(50)])
print(read_file(1, "a", lambda: b"words", kinds=["text"]).text, len(turns))
stop_reader()
"""
IMPORTS = """
import sys, django
django.setup()
from conversations.attachments.reader import read_file, stop_reader
assert read_file(1, "a", b"words", kinds=["text"]).text == "words"
stop_reader()
names = {name.partition(".")[0] for name in sys.modules}
print(sorted(names & {"PIL", "pi_heif", "pypdfium2", "pypdfium2_raw", "anydoc"}))
"""


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes readers that end with the test."""
    made: list[FileReader] = []

    def make_reader(**limits: Any) -> FileReader:
        made.append(FileReader(**limits))
        return made[-1]

    yield make_reader
    for one in made:
        one.stop()


def read(file_reader: FileReader, content: bytes, user: int = 1) -> FileReading:
    return file_reader.read(user, REQUEST, lambda: content)


def find_error(file_reader: FileReader, content: bytes, user: int = 1) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(file_reader, content, user)
    return caught.value.code


def test_a_file_is_read_in_another_process(make: Make) -> None:
    reading = read(make(threads=1), save(halves(), "PNG"))
    assert (reading.kind, reading.width, reading.height) == ("image", 64, 48)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (png_header(20_000, 25_000), "too_many_pixels"),
        (docx(word("&j;") + word("x" * 2_000_000), laughs())[:-30], "damaged"),
        (pack({"word/document.xml": bytes(101_000_000)}), "too_large_inside"),
        (save(halves(), "JPEG")[:400], "damaged"),
        (random.Random(4).randbytes(100_000), "unknown_kind"),
        (b"%PDF-1.7\n" + random.Random(5).randbytes(100_000), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + random.Random(6).randbytes(100_000), "damaged"),
        (b"PK\x03\x04" + random.Random(7).randbytes(100_000), "damaged"),
    ],
    ids=["pixels", "laughs", "zip", "truncated", "random", "pdf", "png", "archive"],
)
def test_a_hostile_file_is_refused_and_the_next_one_is_read(
    make: Make, content: bytes, code: str
) -> None:
    file_reader = make(threads=1)
    assert find_error(file_reader, content) == code
    assert read(file_reader, b"words").text == "words"


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(make: Make) -> None:
    file_reader = make(threads=1, cpu_seconds=1.0)
    assert find_error(file_reader, nested_forms(12)) == "too_slow"
    assert read(file_reader, b"words").text == "words"


def test_a_file_that_takes_too_much_memory_is_given_up_and_the_next_one_is_read(make: Make) -> None:
    file_reader = make(threads=1, memory=400 * 2**20)
    content = save(Image.new("P", (7900, 7900)), "PNG", transparency=0)
    assert find_error(file_reader, content) == "too_much_memory"
    assert read(file_reader, b"words").text == "words"


@pytest.mark.parametrize(
    ("megabytes", "content"),
    [(250, b" "), (60, b"0 0 m 9 9 l S\n")],
    ids=["one large piece", "many small ones"],
)
def test_a_pdf_that_fills_the_memory_is_said_to(make: Make, megabytes: int, content: bytes) -> None:
    file_reader = make(threads=1, memory=400 * 2**20)
    assert find_error(file_reader, blank_pdf(megabytes, content)) == "too_much_memory"
    assert read(file_reader, b"words").text == "words"


def test_a_picture_in_a_pdf_may_be_a_bomb(make: Make) -> None:
    file_reader = make(threads=1)
    assert read(file_reader, image_pdf(15_000)).pages == 1
    assert read(file_reader, b"words").text == "words"


def test_a_file_is_read_while_a_slow_one_of_somebody_else_is(make: Make) -> None:
    file_reader = make(threads=2, cpu_seconds=0.6)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(find_error, file_reader, nested_forms(12), 1)
        assert read(file_reader, b"words", user=2).text == "words"
        assert not slow.done()
        assert slow.result() == "too_slow"


def test_who_has_too_many_files_waiting_is_told_to_wait(make: Make) -> None:
    file_reader = make(threads=1, max_waiting_each=1)
    loading, go_on = threading.Event(), threading.Event()

    def load() -> bytes:
        loading.set()
        go_on.wait()
        return b"words"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(file_reader.read, 1, REQUEST, load)
        loading.wait()
        assert find_error(file_reader, b"more", user=1) == "busy"
        go_on.set()
        assert first.result().text == "words"
    assert read(file_reader, b"more").text == "more"


def test_a_file_whose_turn_does_not_come_is_told_to_wait(make: Make) -> None:
    file_reader = make(threads=1, queue_timeout=0.01)
    loading, go_on = threading.Event(), threading.Event()

    def load() -> bytes:
        loading.set()
        go_on.wait()
        return b"words"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(make(threads=1).read, 1, REQUEST, lambda: b"words")
        first.result()
        second = pool.submit(file_reader.read, 1, REQUEST, load)
        loading.wait()
        assert find_error(file_reader, b"more", user=2) == "busy"
        go_on.set()
        second.result()


def test_a_file_that_can_not_be_loaded_is_the_callers_matter(make: Make) -> None:
    file_reader = make(threads=1)

    def load() -> bytes:
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError, match="gone"):
        file_reader.read(1, REQUEST, load)
    assert read(file_reader, b"words").text == "words"


def test_a_reader_that_ends_lets_nobody_wait() -> None:
    file_reader = FileReader(threads=1)
    loading, go_on = threading.Event(), threading.Event()

    def load() -> bytes:
        loading.set()
        go_on.wait()
        return nested_forms(12)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(find_error_of, file_reader, load)
        loading.wait()
        second = pool.submit(find_error_of, file_reader, lambda: b"words")
        go_on.set()
        file_reader.stop()
        assert {first.result(), second.result()} == {"unavailable"}
    assert find_error(file_reader, b"words") == "unavailable"


def find_error_of(file_reader: FileReader, load: Callable[[], bytes]) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        file_reader.read(1, REQUEST, load)
    return caught.value.code


def test_without_an_interpreter_files_are_unavailable(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert find_error(make(threads=1), b"words") == "unavailable"


def test_the_process_has_one_reader_until_it_ends() -> None:
    assert reader.read_file(1, "a.txt", b"words", kinds=["text"]).text == "words"
    first = reader.start_reader()
    reader.stop_reader()
    assert reader.start_reader() is not first
    reader.stop_reader()


def test_each_error_says_what_to_do() -> None:
    sentences = {describe_error(code) for code in ERRORS}
    assert len(sentences) == len(ERRORS)
    assert all(sentence.endswith(".") and len(sentence) > 30 for sentence in sentences)
    assert describe_error("unheard_of") == describe_error("crashed")


def test_the_server_never_imports_what_reads_files() -> None:
    assert run(IMPORTS) == "[]"


def test_greenlets_go_on_while_a_file_is_read() -> None:
    assert run(GREENLETS) == "words 50"


def run(script: str) -> str:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()
