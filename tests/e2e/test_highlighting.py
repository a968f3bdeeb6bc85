"""Code in a browser: ordinary code gets its colours, hostile code stays plain, the page works."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.steps import body, send, shows

PYTHON = "```python\nif x:\n    pass\n```\n\n"
HOSTILE = "```mcschema\n<!--\n```\n\n```autohotkey\n{}.\n```\n\n".format("\n" * 4000)
NESTED = "1. In a list:\n\n   ```json\n   null\n   ```\n\n"


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    """Holds the next reply in the middle until it is opened."""
    gate = Gate()
    model.script(Fault(text=f"First:\n\n{PYTHON}{NESTED}Then:\n\n{HOSTILE}Done.", gate=gate))
    yield gate
    gate.open()


def code(page: Page, language: str) -> Locator:
    return body(page).locator(f"code.language-{language}")


def test_code_gets_its_colours_while_the_reply_goes_on(alice: Page, gate: Gate) -> None:
    send(alice, "Code, please")
    gate.release(20)
    expect(code(alice, "python").locator(".k")).to_have_text(["if", "pass"])
    shows(alice, "streaming")
    expect(code(alice, "python")).to_have_text("if x:\n    pass")


def test_hostile_code_stays_plain_beside_code_with_colours(alice: Page, gate: Gate) -> None:
    send(alice, "Code, please")
    # A reply that is through waits a second for colours, which is little on a machine that is busy.
    gate.release(40)
    expect(code(alice, "python").locator(".k")).to_have_count(2)
    expect(code(alice, "json").locator(".kc")).to_have_text("null")
    gate.open()
    shows(alice, "complete")
    expect(code(alice, "python").locator(".k")).to_have_count(2)
    expect(code(alice, "json").locator(".kc")).to_have_text("null")
    expect(code(alice, "mcschema")).to_have_text("<!--")
    expect(code(alice, "mcschema").locator("span")).to_have_count(0)


def test_a_reply_with_hostile_code_is_the_same_when_it_is_opened_again(
    alice: Page, gate: Gate
) -> None:
    gate.open()
    send(alice, "Code, please")
    shows(alice, "complete")
    written = body(alice).inner_html()
    alice.reload()
    assert body(alice).inner_html() == written
    send(alice, "The page goes on working")
    shows(alice, "complete")
