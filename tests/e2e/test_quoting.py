"""What is selected in a reply is quoted, and a reply is read aloud."""

from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import in_both_windows
from tests.e2e.steps import body, box, reply, send, shows

SELECT = """body => {
  const range = document.createRange();
  range.selectNodeContents(body);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
# The browser of the tests has no voices.
VOICE = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{}],
  speak: (utterance) => window.spoken.push(utterance.text),
  cancel: () => window.spoken.push("silence"),
}});
"""


@in_both_windows
def test_a_selection_is_quoted_and_a_reply_read_aloud(alice: Page, model: OfflineModel) -> None:
    alice.add_init_script(VOICE)
    alice.reload()
    model.script(Fault(text="One line.\n\nAnother **line**."))
    send(alice, "Hello")
    shows(alice, "complete")
    box(alice).fill("As to this:")
    body(alice).evaluate(SELECT)
    button = reply(alice).get_by_role("button", name="Quote")
    button.focus()
    alice.keyboard.press("Enter")
    expect(box(alice)).to_have_value("As to this:\n\n> One line.\n>\n> Another line.\n\n")
    expect(box(alice)).to_be_focused()
    expect(button).to_be_hidden()

    aloud = reply(alice).get_by_role("button", name="Read aloud")
    aloud.click()
    expect(aloud).to_have_attribute("aria-pressed", "true")
    assert alice.evaluate("window.spoken") == ["silence", "One line.", "Another line."]
    aloud.click()
    expect(aloud).to_have_attribute("aria-pressed", "false")
    assert alice.evaluate("window.spoken").count("silence") == 2
