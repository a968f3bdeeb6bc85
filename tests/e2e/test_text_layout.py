"""Where the parts of a reply stand beside each other."""

import pytest
from playwright.sync_api import Page

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.steps import body, send, shows

# The rectangle that words take, wherever their element begins.
PLACE = """
(body, words) => {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && !walker.currentNode.data.includes(words));
  const range = document.createRange();
  range.selectNodeContents(walker.currentNode);
  return range.getBoundingClientRect().toJSON();
}
"""


def place(page: Page, words: str) -> dict[str, float]:
    return dict[str, float](body(page).evaluate(PLACE, words))


def answer(page: Page, model: OfflineModel, text: str) -> None:
    model.script(Fault(text=text))
    send(page, "Hello")
    shows(page, "complete")


def test_a_list_within_a_task_is_indented(alice: Page, model: OfflineModel) -> None:
    answer(alice, model, "- [ ] to do\n  - within it")
    assert place(alice, "within it")["left"] > place(alice, "to do")["left"] + 8


def test_a_task_begins_where_other_items_do(alice: Page, model: OfflineModel) -> None:
    answer(alice, model, "- [ ] to do\n- an item")
    difference = place(alice, "to do")["left"] - place(alice, "an item")["left"]
    assert difference == pytest.approx(0, abs=5)


def test_the_way_back_from_a_footnote_is_in_its_line(alice: Page, model: OfflineModel) -> None:
    answer(alice, model, "Words[^1]\n\n[^1]: The note")
    assert place(alice, "↩")["top"] < place(alice, "The note")["bottom"]


def test_a_wide_table_scrolls_rather_than_breaks_each_cell(
    alice: Page, model: OfflineModel
) -> None:
    rows = ["| one two |" + " one two |" * 11, "|---|" + "---|" * 11, "| three 400 |" * 12]
    answer(alice, model, "\n".join(rows).replace("||", "|"))
    assert place(alice, "three 400")["height"] < 30
