"""Code wrapped and downloaded, long messages folded, and actions by a tap."""

from pathlib import Path

from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.conftest import OpenPage, in_both_windows
from tests.e2e.steps import body, reply, send, shows

CODE = "```python\nprint('" + "x" * 300 + "')\n```"
LONG = "\n".join(f"Line {number}" for number in range(40))


@in_both_windows
def test_code_is_wrapped_and_downloaded(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(text=CODE))
    send(alice, "Print: many, many x")
    shows(alice, "complete")
    wrap = body(alice).get_by_role("button", name="Wrap")
    wrap.click()
    expect(wrap).to_have_attribute("aria-pressed", "true")
    assert body(alice).locator("pre").evaluate("pre => pre.scrollWidth <= pre.clientWidth")
    with alice.expect_download() as downloading:
        body(alice).get_by_role("button", name="Download").click()
    assert downloading.value.suggested_filename == "print-many-many-x.py"
    assert Path(downloading.value.path()).read_text() == f"print('{'x' * 300}')\n"


def test_on_a_phone_long_messages_fold_and_actions_come_by_a_tap(
    sign_in: OpenPage, model: OfflineModel
) -> None:
    phone = sign_in(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    model.script(Fault(text="Yes."))
    model.script(Fault(text="Yes."))
    for text in (LONG, "Short"):
        phone.get_by_role("textbox", name="Message").fill(text)
        phone.get_by_role("button", name="Send message").tap()
        expect(reply(phone)).to_be_attached()
        shows(phone, "complete")
    first = phone.locator("article[data-role=user]").first
    folded = first.locator(".message-body").evaluate("body => body.clientHeight")
    first.get_by_role("button", name="Show more").tap()
    expect(first.get_by_role("button", name="Show less")).to_be_visible()
    assert first.locator(".message-body").evaluate("body => body.clientHeight") > 2 * folded
    # Found in the page, it would be scrolled to: a folded message opens for that.
    first.get_by_role("button", name="Show less").tap()
    first.locator(".message-body").evaluate("body => { body.scrollTop = 300 }")
    expect(first.get_by_role("button", name="Show less")).to_be_visible()

    answer = phone.locator("article[data-role=assistant]").first
    actions = answer.locator(".message-actions")
    expect(actions).to_have_css("opacity", "0")
    expect(reply(phone).locator(".message-actions")).to_have_css("opacity", "1")
    answer.get_by_text("Yes.").tap()
    expect(actions).to_have_css("opacity", "1")
    answer.get_by_role("button", name="Copy message").tap()
