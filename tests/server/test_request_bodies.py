"""Bodies that are too large, too slow or too many, sent to a server in a process of its own."""

from contextlib import ExitStack

import pytest
import requests

from tests.e2e.site import Site
from tests.server.raw_http import TIMEOUT, Line, head, stalled

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("length", [5 * MEGABYTE + 1, 300 * MEGABYTE, 10**30])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(either: Site, length: int) -> None:
    with Line(either.port, stalled(length)) as line:
        answer = line.read_answer()
    assert answer.status == 413
    assert answer.has_header("Connection: close")
    assert "This is too large to be sent." in answer.text


def test_a_client_that_reads_last_is_told_that_it_is_too_large(small: Site) -> None:
    """As Caddy does; a connection that is reset meanwhile looks to it like a broken site."""
    length = 20 * MEGABYTE
    with Line(small.port, head(f"Content-Length: {length}")) as line:
        line.send(bytes(length))
        assert line.read_answer().status == 413


def test_files_count_as_well(either: Site) -> None:
    files = {"file": ("large.bin", bytes(20 * MEGABYTE))}
    answer = requests.post(f"{either.url}/accounts/login/", files=files, timeout=TIMEOUT)
    assert answer.status_code == 413


def test_a_browser_that_asks_first_need_not_send_what_is_too_large(either: Site) -> None:
    expecting = head("Expect: 100-continue", f"Content-Length: {6 * MEGABYTE}")
    with Line(either.port, expecting) as line:
        assert line.read_answer().status == 413


def test_a_browser_that_asks_first_is_told_to_send(either: Site) -> None:
    asking = head("Expect: 100-continue", "Connection: close", "Content-Length: 3")
    with Line(either.port, asking) as line:
        assert line.socket.recv(1024).startswith(b"HTTP/1.1 100 ")
        line.send(b"a=b")
        assert line.read_answer().status == 403  # without a token


def test_chunks_are_counted_while_they_are_read(either: Site) -> None:
    chunk = b"100000\r\n" + bytes(MEGABYTE) + b"\r\n"
    with Line(either.port, head("Transfer-Encoding: chunked")) as line:
        line.send_until_refused(chunk, times=50)
        assert line.read_answer().status == 413


def test_what_wraps_the_chunks_counts_too(either: Site) -> None:
    chunk = b"1;" + b"x" * 8000 + b"\r\n.\r\n"
    with Line(either.port, head("Transfer-Encoding: chunked")) as line:
        line.send_until_refused(chunk, times=10_000)
        assert line.read_answer().status == 413


def test_a_form_may_come_in_chunks(either: Site) -> None:
    session = requests.Session()
    page = session.get(f"{either.url}/accounts/login/", timeout=TIMEOUT)
    token = page.text.partition('name="csrfmiddlewaretoken" value="')[2][:64]
    form = f"csrfmiddlewaretoken={token}&login=alice&password=wrong".encode()
    answer = session.post(
        f"{either.url}/accounts/login/",
        data=iter([form[:20], form[20:]]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=TIMEOUT,
    )
    assert 'value="alice"' in answer.text


def test_a_silent_body_is_answered_408(either: Site) -> None:
    with Line(either.port, stalled()) as line:
        answer = line.read_answer()
    assert answer.status == 408
    assert answer.has_header("Connection: close")


def test_more_silent_bodies_than_there_is_room_for_are_answered_503(small: Site) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(Line(small.port, stalled())) for _ in range(50)]
        answers = [line.read_answer() for line in lines]
    refused = [answer for answer in answers if answer.status == 503]
    assert len(refused) >= 40
    assert all(answer.has_header("Retry-After: 5") for answer in refused)
    assert "The server is busy" in refused[0].text


def test_pages_are_served_beside_silent_bodies(small: Site) -> None:
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(Line(small.port, stalled()))
        for path in ("/livez/", "/healthz/", "/accounts/login/"):
            assert requests.get(f"{small.url}{path}", timeout=TIMEOUT).status_code == 200


def test_a_form_is_taken_beside_silent_bodies(small: Site) -> None:
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(Line(small.port, stalled()))
        with Line(small.port, head("Connection: close", "Content-Length: 3") + b"a=b") as line:
            assert line.read_answer().status == 403  # without a token


def test_a_body_that_breaks_off_is_no_alarm(small: Site) -> None:
    with Line(small.port, stalled()) as line:
        line.socket.shutdown(1)
        assert line.read_answer().status == 400
    assert "Traceback" not in small.read_log()


def test_a_connection_goes_on_after_a_body(either: Site) -> None:
    first = head("Content-Length: 3") + b"a=b"
    with Line(either.port, first + head("Connection: close", path="/livez/", method="GET")) as line:
        assert line.read_answer().text.count("HTTP/1.1 ") == 2
