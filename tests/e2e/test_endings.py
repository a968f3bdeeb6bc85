"""Stop, death of the server, and each error as the user sees it."""

import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import Site
from tests.e2e.steps import body, reply, send, shows, words

TEXT = words(200)


def test_stop_closes_the_call_to_a_silent_model_at_once(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(text=TEXT, stall=30))
    send(alice, "Hello")
    expect(body(alice)).to_contain_text("word3")
    alice.get_by_role("button", name="Stop generating").click()
    assert model.wait_for_request().disconnected.wait(2)
    shows(alice, "stopped")
    expect(body(alice)).to_contain_text("word3")
    send(alice, "Go on")
    shows(alice, "complete")


def test_stop_works_before_the_first_word(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(stall="headers"))
    send(alice, "Hello")
    request = model.wait_for_request()
    alice.get_by_role("button", name="Stop generating").click()
    shows(alice, "stopped")
    assert request.disconnected.wait(2)


@pytest.fixture
def visitor(own_site: Site, sign_in_to: Callable[..., Page]) -> Page:
    return sign_in_to(own_site.url)


def test_a_killed_server_keeps_what_was_written(
    own_site: Site, visitor: Page, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(text=TEXT, gate=gate))
    send(visitor, "Hello")
    gate.release(100)
    expect(body(visitor)).to_contain_text("word20")
    own_site.wait_for_checkpoint("word20")
    own_site.stop(signal.SIGKILL)
    own_site.start()
    visitor.reload()
    shows(visitor, "interrupted")
    expect(body(visitor)).to_contain_text("word20")
    visitor.get_by_role("button", name="Try again").click()
    shows(visitor, "complete")


def test_a_server_told_to_stop_loses_nothing(
    own_site: Site, visitor: Page, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(text=TEXT, gate=gate))
    send(visitor, "Hello")
    gate.release(100)
    expect(body(visitor)).to_contain_text("word20")
    written = body(visitor).inner_text()
    own_site.stop(signal.SIGTERM)
    own_site.start()
    visitor.reload()
    shows(visitor, "interrupted")
    assert body(visitor).inner_text().startswith(written)


@pytest.mark.parametrize(
    ("fault", "sentence", "can_retry"),
    [
        (Fault(status=400, message="no"), "did not accept this request", False),
        (Fault(status=400, message="maximum context length"), "too long for the model", False),
        (Fault(status=401), "does not accept this site’s key", False),
        (Fault(status=403), "no credits left", False),
        (Fault(status=404), "does not know the model", False),
        (Fault(status=429, retry_after="100"), "The model is busy", True),
        (Fault(status=500), "having trouble", True),
        (Fault(malformed=5), "is not a reply", True),
        (Fault(cut=5), "broke before the reply was complete", True),
        (Fault(error=5), "having trouble", True),
        (Fault(raw=b"<html>Gateway</html>", content_type="text/html"), "is not a reply", True),
    ],
    ids=lambda value: None if isinstance(value, bool | str) else "fault",
)
def test_an_error_says_what_to_do(
    alice: Page, model: OfflineModel, fault: Fault, sentence: str, can_retry: bool
) -> None:
    model.script(fault)
    send(alice, "Is my message safe?")
    shows(alice, "failed")
    expect(reply(alice)).to_contain_text(sentence)
    expect(reply(alice).get_by_role("button", name="Try again")).to_have_count(int(can_retry))
    alice.reload()
    expect(alice.locator("article[data-role=user]")).to_contain_text("Is my message safe?")
    expect(reply(alice)).to_contain_text(sentence)


def test_a_busy_model_is_waited_for(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(status=429, retry_after="1"), Fault(text="There it is."))
    send(alice, "Hello")
    shows(alice, "complete")
    expect(body(alice)).to_have_text("There it is.")


def test_retry_replaces_a_failed_reply(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(status=500), Fault(text="Better now."))
    send(alice, "Hello")
    shows(alice, "failed")
    alice.get_by_role("button", name="Try again").click()
    shows(alice, "complete")
    expect(alice.locator("article[data-role=assistant]")).to_have_count(1)
    expect(body(alice)).to_have_text("Better now.")
