"""More streams of one user than they may have: the oldest gives way until it is looked at."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import Site
from tests.e2e.steps import body, send, shows, words

TEXT = words(60)
LATER = "word15"


@pytest.fixture
def strict_site(inhabited: Path, model: OfflineModel, tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, model.base_url, MAX_STREAMS_PER_USER="1")
    site.begin_as(inhabited)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    model.script(Fault(text=TEXT, gate=gate))
    yield gate
    gate.open()


@pytest.fixture
def windows(strict_site: Site, sign_in_to: Callable[..., Page], gate: Gate) -> list[Page]:
    """Two browsers of alice's that show the same reply; the stream of the first has given way."""
    first, second = sign_in_to(strict_site.url), sign_in_to(strict_site.url)
    send(first, "Hello")
    gate.release(10)
    expect(body(first)).to_contain_text("word3")
    second.goto(first.url)
    expect(body(second)).to_contain_text("word3")
    expect(first.locator(".stream[data-paused]")).to_be_attached()
    gate.release(60)
    expect(body(second)).to_contain_text(LATER)
    return [first, second]


def test_the_oldest_stands_still_and_does_not_come_back_by_itself(windows: list[Page]) -> None:
    first, second = windows
    expect(body(first)).not_to_contain_text(LATER)
    expect(second.locator(".stream[data-paused]")).to_have_count(0)
    expect(first.get_by_text("Connection lost")).to_be_hidden()


def test_the_oldest_catches_up_when_its_page_is_looked_at(windows: list[Page], gate: Gate) -> None:
    first, _ = windows
    first.evaluate("() => { window.dispatchEvent(new Event('focus')) }")
    expect(body(first)).to_contain_text(LATER)
    gate.open()
    shows(first, "complete")
    expect(body(first)).to_have_text(TEXT)
