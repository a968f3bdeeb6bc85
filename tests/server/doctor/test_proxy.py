"""What stands before the site, asked over a real socket."""

from chatsite.server.doctor.findings import Status
from chatsite.server.doctor.proxy import fetch_stream
from chatsite.server.streamz import PATH, PIECES
from tests.e2e.site import free_port
from tests.server.doctor.stub_server import serve_answer


def test_a_proxy_that_buffers_is_noticed() -> None:
    with serve_answer(b"".join(PIECES)) as url:
        found = fetch_stream(f"{url}{PATH}")
    assert found.status is Status.WRONG
    assert "comes all at once" in found.meaning


def test_a_loop_of_redirects_is_told_from_others() -> None:
    with serve_answer(is_looping=True) as url:
        assert "X-Forwarded-Proto" in fetch_stream(f"{url}{PATH}").remedy


def test_another_site_is_not_taken_for_this_one() -> None:
    with serve_answer(b"Welcome " * 1_000) as url:
        assert "says something else" in fetch_stream(f"{url}{PATH}").meaning
    with serve_answer(status=404) as url:
        assert "answers 404" in fetch_stream(f"{url}{PATH}").meaning


def test_while_no_server_runs_an_answer_is_not_missed() -> None:
    found = fetch_stream(f"http://127.0.0.1:{free_port()}{PATH}")
    assert found.status is Status.NOT_CHECKED
    with serve_answer(status=502) as url:
        assert fetch_stream(f"{url}{PATH}").status is Status.NOT_CHECKED
