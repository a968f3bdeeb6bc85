"""Models: none to choose with one, chosen at the box with several, found and tried by
administrators.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from conversations.offline_model import OfflineModel
from tests.attachments.factories import PNG
from tests.e2e.conftest import in_both_windows
from tests.e2e.site import PASSWORD, Site
from tests.e2e.steps import body, reply, send, shows, sticks_out

QUICK, THOROUGH = "offline/quick", "offline/thorough"
MODELS = """
from django.contrib.auth.models import Group
from chatsite.accounts.models import User
from conversations.models import ChatModel
ChatModel.objects.create(identifier="test-model", label="Everyday", is_for_all=True, position=1)
ChatModel.objects.create(
    identifier="offline/quick", label="Quick", description="Short answers", is_for_all=True,
    position=2, reads_images=False, reads_files=False,
)
thorough = ChatModel.objects.create(identifier="offline/thorough", label="Thorough", position=3)
research = Group.objects.create(name="research")
thorough.groups.add(research)
User.objects.get(username="alice").groups.add(research)
"""


@contextmanager
def serve_several(data_dir: Path, inhabited: Path, model: OfflineModel) -> Iterator[Site]:
    """A site with three models, of which one is for alice's group."""
    with Site(data_dir, model.base_url, SHUTDOWN_GRACE="1") as site:
        site.begin_as(inhabited)
        # Before it starts: what another process writes may be seen a moment late.
        site.run(MODELS)
        site.start()
        yield site


@pytest.fixture(scope="module")
def several(
    inhabited: Path, offline_model: OfflineModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with serve_several(tmp_path_factory.mktemp("models"), inhabited, offline_model) as site:
        yield site


@pytest.fixture
def own_several(inhabited: Path, model: OfflineModel, tmp_path: Path) -> Iterator[Site]:
    """Another such site, whose models may change: that is so for everybody."""
    with serve_several(tmp_path, inhabited, model) as site:
        yield site


type Enter = Callable[..., Page]


@pytest.fixture
def enter(several: Site, new_context: Callable[..., BrowserContext]) -> Enter:
    """Opens a new chat of that site as somebody who is signed in."""

    def enter(name: str, **options: object) -> Page:
        context = new_context(base_url=several.url, **options)
        key = several.make_session(name)
        context.add_cookies([{"name": "sessionid", "value": key, "url": several.url}])
        page = context.new_page()
        page.goto("/")
        return page

    return enter


def picker(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Model")


def asked(model: OfflineModel) -> list[str]:
    chats = (each for each in model.requests if each.method == "POST")
    return [request.body["model"] for request in chats]


def regenerate(page: Page, choice: str) -> None:
    reply(page).get_by_role("button", name="Regenerate", exact=True).click()
    reply(page).get_by_role("button", name=choice).click()


def details(page: Page) -> Locator:
    reply(page).get_by_role("button", name="Details").click()
    return reply(page).locator(".details-list")


def test_with_one_model_there_is_nothing_to_choose(alice: Page, model: OfflineModel) -> None:
    expect(picker(alice)).to_have_count(0)
    send(alice, "Hello")
    shows(alice, "complete")
    expect(picker(alice)).to_have_count(0)
    assert asked(model) == ["test-model"]


@in_both_windows
def test_a_model_is_picked_and_changed_at_a_later_message(
    enter: Enter, model: OfflineModel, window: dict[str, object]
) -> None:
    page = enter("alice", **window)
    picker(page).select_option(THOROUGH)
    send(page, "Hello")
    shows(page, "complete")
    assert not sticks_out(page)
    expect(details(page)).to_contain_text("Thorough")
    page.keyboard.press("Escape")
    expect(picker(page)).to_have_value(THOROUGH)

    with page.expect_response("**/model/"):
        picker(page).select_option(QUICK)
    page.reload()
    expect(picker(page)).to_have_value(QUICK)
    send(page, "And now?")
    shows(page, "complete")
    expect(details(page)).to_contain_text("Quick")
    assert asked(model) == [THOROUGH, QUICK]


def test_the_list_is_read_and_chosen_from_by_keyboard(enter: Enter, model: OfflineModel) -> None:
    page = enter("alice")
    picker(page).focus()
    page.keyboard.press("Enter")
    said = re.compile("Quick.*Short answers.*Can’t read images or files")
    option = page.get_by_role("option", name=said)
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_be_focused()
    page.keyboard.press("Enter")
    expect(picker(page)).to_have_value(QUICK)
    expect(picker(page)).to_be_focused()


def test_what_is_chosen_is_asked_also_when_a_reply_is_had_again(
    enter: Enter, model: OfflineModel
) -> None:
    page = enter("alice")
    send(page, "Hello")
    shows(page, "complete")
    with page.expect_response("**/model/"):
        picker(page).select_option(QUICK)
    regenerate(page, "Try again")
    expect(page.get_by_text("2 / 2")).to_be_visible()
    shows(page, "complete")
    assert asked(model) == ["test-model", QUICK]


def test_one_reply_is_had_of_another_model(enter: Enter, model: OfflineModel) -> None:
    page = enter("alice")
    send(page, "Hello")
    shows(page, "complete")
    regenerate(page, "Regenerate with…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Model").select_option("Thorough")
    dialog.get_by_role("button", name="Regenerate", exact=True).click()
    expect(page.get_by_text("2 / 2")).to_be_visible()
    shows(page, "complete")
    expect(details(page)).to_contain_text("Thorough")
    assert asked(model) == ["test-model", THOROUGH]
    expect(picker(page)).to_have_value("test-model")


def test_what_is_for_a_group_is_not_offered_to_others(enter: Enter) -> None:
    expect(picker(enter("alice")).locator("option")).to_have_count(3)
    options = picker(enter("bob")).locator("option")
    expect(options).to_have_count(2)
    assert not any("Thorough" in text for text in options.all_inner_texts())


def test_an_image_is_not_sent_to_a_model_that_sees_none(enter: Enter, model: OfflineModel) -> None:
    page = enter("alice")
    picker(page).select_option(QUICK)
    picture: FilePayload = {"name": "dot.png", "mimeType": "image/png", "buffer": PNG}
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.locator(".file-chip[data-state=ready]")).to_have_count(1)
    page.get_by_role("textbox", name="Message").fill("What is this?")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("alert").first).to_contain_text("“Quick” can’t see images.")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("What is this?")
    picker(page).select_option("test-model")
    page.get_by_role("button", name="Send message").click()
    shows(page, "complete")
    assert asked(model) == ["test-model"]


def test_without_scripts_a_model_is_picked_as_well(
    several: Site, new_context: Callable[..., BrowserContext], model: OfflineModel
) -> None:
    page = new_context(base_url=several.url, java_script_enabled=False).new_page()
    page.goto("/accounts/login/?next=/")
    page.get_by_label("Username or email").fill("bob@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    picker(page).select_option(QUICK)
    page.get_by_role("textbox", name="Message").fill("Hello")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/c/**")
    shows(page, "complete")
    expect(picker(page)).to_have_value(QUICK)
    assert asked(model) == [QUICK]


def test_one_that_is_switched_off_gives_way_and_the_page_says_so(
    own_several: Site, sign_in_to: Callable[..., Page], model: OfflineModel
) -> None:
    page, ada = sign_in_to(own_several.url), sign_in_to(own_several.url, "ada")
    picker(page).select_option(THOROUGH)
    send(page, "Hello")
    shows(page, "complete")
    ada.goto("/admin/conversations/chatmodel/")
    ada.get_by_role("row", name="Thorough").get_by_role("checkbox").last.uncheck()
    ada.get_by_role("button", name="Save").click()
    page.reload()
    said = "“Thorough” is not available to you any more. “Everyday” answers from here on."
    expect(page.locator("#model-note")).to_have_text(said)
    send(page, "And now?")
    shows(page, "complete")
    expect(body(page)).not_to_be_empty()
    assert asked(model) == [THOROUGH, "test-model"]


def test_an_administrator_finds_one_at_the_server_tries_it_and_switches_it_on(
    own_site: Site, sign_in_to: Callable[..., Page], model: OfflineModel
) -> None:
    ada = sign_in_to(own_site.url, "ada")
    ada.goto("/admin/conversations/chatmodel/")
    ada.get_by_role("link", name="Ask the server").click()
    ada.get_by_role("button", name="Ask the server").click()
    ada.get_by_label(THOROUGH).check()
    ada.get_by_role("button", name="Add the chosen models").click()
    expect(ada.get_by_text("1 model was added, switched off.")).to_be_visible()

    ada.get_by_role("link", name="Offline Thorough").click()
    expect(ada.get_by_label("Context window")).to_have_value("200000")
    ada.get_by_role("link", name="Try it").click()
    ada.get_by_role("button", name="Send", exact=True).click()
    expect(ada.get_by_role("heading", name="Its answer")).to_be_visible()
    assert asked(model) == [THOROUGH]

    ada.get_by_role("link", name="Models", exact=True).last.click()
    ada.get_by_role("row", name="Offline Thorough").get_by_role("checkbox").last.check()
    ada.get_by_role("button", name="Save").click()
    alice = sign_in_to(own_site.url)
    expect(picker(alice).locator("option")).to_have_count(2)
