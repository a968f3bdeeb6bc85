"""A reply that was stopped is written on, in its place."""

from playwright.sync_api import Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.steps import body, reply, send, shows

PHONE = {"width": 390, "height": 844}


def test_a_stopped_reply_grows_on_from_where_it_ended(alice: Page, model: OfflineModel) -> None:
    gate = Gate()
    model.script(Fault(text="The quick brown fox jumps.", gate=gate))
    send(alice, "Tell me")
    gate.release(2)
    expect(body(alice)).to_have_text("The quick")
    alice.get_by_role("button", name="Stop generating").click()
    shows(alice, "stopped")
    other = alice.context.new_page()
    other.goto(alice.url)
    shows(other, "stopped")
    following = Gate()
    model.script(Fault(text="en brown fox.", gate=following))
    alice.get_by_role("button", name="Continue reply").click()
    shows(alice, "streaming")
    expect(body(alice)).to_have_text("The quick")
    following.release()
    expect(body(alice)).to_have_text("The quicken")
    other.evaluate("htmx.trigger(document.body, 'page:shown')")
    expect(body(other)).to_have_text("The quicken")
    following.open()
    for page in (alice, other):
        shows(page, "complete")
        expect(body(page)).to_have_text("The quicken brown fox.")
        expect(page.locator("article")).to_have_count(2)
        expect(page.get_by_role("button", name="Continue reply")).to_have_count(0)


def test_a_code_block_that_was_cut_is_one_block_on_a_phone(
    sign_in: OpenPage, model: OfflineModel
) -> None:
    page = sign_in(viewport=PHONE, has_touch=True, is_mobile=True)
    model.script(Fault(text="```python\nprint('one')\npri", finish_reason="length"))
    page.get_by_role("textbox", name="Message").fill("Code, please")
    page.get_by_role("button", name="Send message").tap()
    shows(page, "complete")
    expect(reply(page)).to_contain_text("reached the model’s length limit")
    model.script(Fault(text="nt('two')\n```\n\nDone."))
    page.get_by_role("button", name="Continue reply").tap()
    expect(body(page).locator("pre code")).to_have_text("print('one')\nprint('two')")
    expect(body(page)).to_contain_text("Done.")
    shows(page, "complete")
