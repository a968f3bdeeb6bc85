"""Assistants, from their users' side: made, chosen by row, link and "@", changed, shared, moved."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import OpenPage, in_both_windows, make_new_user
from tests.e2e.site import Site
from tests.e2e.steps import body, box, name_of, open_sidebar, send, shows, sticks_out

SHARING = """
from chatsite.accounts.models import User
from django.contrib.auth.models import Group
group, _ = Group.objects.get_or_create(name="Hunters {name}")
User.objects.get(username="{name}").groups.add(group)
"""
ADMINISTRATOR = """
from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
set_role(User.objects.get(username="{name}"), Role.ADMINISTRATOR)
"""


def make(page: Page, name: str = "Fox", **typed: str) -> None:
    """Makes one by the form, and shows its page."""
    page.goto("/assistants/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Instructions", exact=True).fill(typed.pop("instructions", "Be sly."))
    for label, value in typed.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    page.get_by_role("button", name="Create assistant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def chip(page: Page, name: str) -> Locator:
    row = page.get_by_role("navigation", name="Assistants")
    return row.get_by_role("link", name=name)


def system_prompt(model: OfflineModel) -> str:
    return str(model.requests[-1].body["messages"][0]["content"])


@in_both_windows
def test_one_is_made_and_a_chat_begins_with_it_from_the_row(
    alice: Page, model: OfflineModel
) -> None:
    alice.get_by_role("textbox", name="Message").wait_for()
    expect(alice.get_by_role("navigation", name="Assistants")).to_have_count(0)
    alice.goto("/assistants/new/")
    assert not sticks_out(alice)
    alice.locator("summary", has_text="Parameters").click()
    alice.get_by_label("Name", exact=True).fill("Fox")
    alice.get_by_label("Emoji", exact=True).fill("🦊")
    alice.get_by_label("Description", exact=True).fill("Sly, and kind to hens.")
    alice.get_by_label("Instructions", exact=True).fill("Be sly, {{name}}.")
    alice.get_by_label("Ways to begin", exact=True).fill("Hunt | Where are the hens?")
    alice.get_by_label("Temperature", exact=True).fill("0.3")
    alice.get_by_role("button", name="Create assistant").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    assert not sticks_out(alice)

    alice.goto("/")
    chip(alice, "Fox").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(alice.get_by_text("Sly, and kind to hens.")).to_be_visible()
    assert not sticks_out(alice)
    alice.get_by_role("button", name="Hunt").click()
    expect(box(alice)).to_have_value("Where are the hens?")
    alice.get_by_role("button", name="Send message").click()
    shows(alice, "complete")
    assert system_prompt(model) == f"Be sly, {name_of(alice)}."
    assert model.requests[0].body["temperature"] == 0.3
    expect(alice.locator("#conversation-assistant")).to_contain_text("Fox")


def test_what_was_typed_stays_when_an_assistant_is_chosen(alice: Page) -> None:
    make(alice)
    alice.goto("/")
    box(alice).fill("Where are they?")
    chip(alice, "Fox").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(box(alice)).to_have_value("Where are they?")
    alice.get_by_role("link", name="Begin without an assistant").click()
    expect(alice.get_by_role("heading", level=1)).not_to_have_text("Fox")
    expect(box(alice)).to_have_value("Where are they?")


def test_a_link_begins_a_chat_and_is_nobody_elses(
    alice: Page, sign_in: OpenPage, model: OfflineModel
) -> None:
    make(alice)
    link = alice.locator("#assistant-link").inner_text()
    alice.goto(link)
    send(alice, "Hello")
    shows(alice, "complete")
    assert system_prompt(model) == "Be sly."
    other = sign_in()
    other.goto(link)
    expect(other.get_by_role("alert").first).to_contain_text("isn’t available to you")
    send(other, "Hello")
    shows(other, "complete")
    assert system_prompt(model) != "Be sly."


def test_all_of_them_are_behind_a_search(alice: Page) -> None:
    for name in ("Fox", "Owl"):
        make(alice, name)
    alice.goto("/")
    chip(alice, "All assistants…").click()
    dialog = alice.get_by_role("dialog", name="All assistants")
    expect(dialog.locator(".assistant-choice")).to_have_count(2)
    dialog.get_by_role("searchbox").press_sequentially("ow")
    expect(dialog.locator(".assistant-choice")).to_have_count(1)
    dialog.get_by_role("link", name="Owl").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Owl")
    expect(dialog).to_be_hidden()


@in_both_windows
def test_one_is_chosen_from_the_sidebar_beside_a_conversation(
    alice: Page, model: OfflineModel
) -> None:
    expect(alice.get_by_role("link", name="Choose an assistant…")).to_have_count(0)
    make(alice)
    alice.goto("/")
    send(alice, "Hello")
    shows(alice, "complete")
    open_sidebar(alice)
    alice.get_by_role("link", name="Choose an assistant…").click()
    alice.get_by_role("dialog", name="All assistants").get_by_role("link", name="Fox").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(alice.locator("article")).to_have_count(0)
    expect(alice).to_have_url(re.compile(r"/\?assistant="))
    assert not sticks_out(alice)
    send(alice, "Hello again")
    shows(alice, "complete")
    assert system_prompt(model) == "Be sly."


def test_what_was_set_for_a_new_chat_stays_with_another_assistant(
    alice: Page, model: OfflineModel
) -> None:
    for name in ("Fox", "Owl"):
        make(alice, name)
    alice.goto("/")
    alice.get_by_role("button", name="Chat menu").click()
    alice.get_by_role("button", name="Parameters…").click()
    dialog = alice.get_by_role("dialog")
    dialog.get_by_label("Temperature", exact=True).fill("0.4")
    dialog.get_by_role("button", name="Save").click()
    carried = alice.get_by_role("button", name="Temperature: 0.4")
    chip(alice, "Fox").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(alice).to_have_url(re.compile(r"/\?assistant="))
    expect(carried).to_be_visible()
    chip(alice, "All assistants…").click()
    dialog.get_by_role("link", name="Owl").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Owl")
    expect(dialog).to_be_hidden()
    expect(carried).to_be_visible()
    alice.get_by_role("link", name="Begin without an assistant").click()
    expect(alice.get_by_role("heading", level=1)).not_to_have_text("Owl")
    expect(carried).to_be_visible()
    composer(alice).press_sequentially("Hello @fo")
    alice.get_by_role("option").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(composer(alice)).to_have_value("Hello ")
    send(alice, "Hello")
    shows(alice, "complete")
    assert model.requests[0].body["temperature"] == 0.4


def composer(page: Page) -> Locator:
    """Where a message is typed, also while a list is open below it."""
    return page.locator("#composer-text")


@in_both_windows
def test_at_chooses_one_for_a_new_chat_and_for_one_that_has_begun(
    alice: Page, model: OfflineModel
) -> None:
    make(alice, "Fox")
    make(alice, "Owl", instructions="Be wise.")
    alice.goto("/")
    box(alice).wait_for()
    composer(alice).press_sequentially("Hello @fo")
    expect(alice.get_by_role("option")).to_have_count(1)
    composer(alice).press("Enter")
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(composer(alice)).to_have_value("Hello ")
    send(alice, "Hello")
    shows(alice, "complete")
    assert system_prompt(model) == "Be sly."

    composer(alice).press_sequentially("@ow")
    expect(alice.get_by_role("option")).to_have_count(1)
    composer(alice).press("Enter")
    expect(alice.locator("#conversation-assistant")).to_contain_text("Owl")
    expect(alice.locator(".toast")).to_contain_text("From the next reply on, “Owl” answers.")
    expect(composer(alice)).to_have_value("")
    send(alice, "And now?")
    shows(alice, "complete")
    assert system_prompt(model) == "Be wise."
    assert len(model.requests[-1].body["messages"]) == 4
    composer(alice).press("@")
    alice.get_by_role("option", name="No assistant").click()
    expect(alice.locator("#conversation-assistant")).to_have_text("")


def test_a_new_version_is_offered_and_taken(alice: Page, model: OfflineModel) -> None:
    make(alice)
    page_of_fox = alice.url
    alice.goto(alice.locator("#assistant-link").inner_text())
    send(alice, "Hello")
    shows(alice, "complete")
    conversation = alice.url
    alice.goto(f"{page_of_fox}edit/")
    alice.get_by_label("Instructions", exact=True).fill("Be kind.")
    alice.get_by_role("button", name="Save").click()
    expect(alice.locator("#listed .archive-row")).to_have_count(1)
    alice.goto(conversation)
    send(alice, "And now?")
    shows(alice, "complete")
    assert system_prompt(model) == "Be sly."
    alice.get_by_role("button", name="Use the new version").click()
    expect(alice.get_by_text("This assistant has changed.")).to_have_count(0)
    send(alice, "And then?")
    shows(alice, "complete")
    assert system_prompt(model) == "Be kind."
    alice.reload()
    expect(alice.get_by_text("This assistant has changed.")).to_have_count(0)


def test_an_administrator_shares_one_with_a_group(site: Site, sign_in: OpenPage) -> None:
    ada, bob, carol = (sign_in(make_new_user(site)) for _ in range(3))
    site.run(ADMINISTRATOR, name=name_of(ada))
    site.run(SHARING, name=name_of(bob))
    make(ada)
    ada.get_by_role("button", name="Assistant menu").click()
    ada.get_by_role("button", name="Share…").click()
    dialog = ada.get_by_role("dialog", name="Share “Fox”")
    group = f"Hunters {name_of(bob)}"
    dialog.get_by_role("group", name="Who may use it").get_by_label(group).check()
    dialog.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Shared with groups")).to_be_visible()
    bob.goto("/")
    expect(chip(bob, "Fox")).to_be_visible()
    carol.goto("/assistants/")
    expect(carol.get_by_text("An assistant is a way for chats to begin")).to_be_visible()
    answer = carol.goto(ada.url)
    assert answer
    assert answer.status == 404


def test_one_is_exported_and_imported_elsewhere(
    alice: Page, sign_in: OpenPage, tmp_path: Path
) -> None:
    make(alice, Description="Sly.")
    alice.get_by_role("button", name="Assistant menu").click()
    with alice.expect_download() as download:
        alice.get_by_role("link", name="Export").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "Fox.json"
    other = sign_in()
    other.goto("/assistants/")
    other.get_by_role("button", name="Import…").click()
    dialog = other.get_by_role("dialog", name="Import an assistant")
    dialog.locator("input[type=file]").set_input_files(path)
    dialog.get_by_role("button", name="Import").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Fox")
    expect(other.get_by_text("Sly.", exact=True)).to_be_visible()


@pytest.mark.parametrize("window", [{"java_script_enabled": False}])
def test_all_of_it_works_without_scripts(alice: Page, model: OfflineModel) -> None:
    make(alice)
    alice.goto("/")
    chip(alice, "Fox").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Fox")
    box(alice).fill("Hello")
    alice.get_by_role("button", name="Send message").click()
    expect(body(alice)).to_be_attached()
    assert model.wait_for_request().body["messages"][0]["content"] == "Be sly."
    alice.goto("/assistants/")
    alice.get_by_role("link", name="Fox", exact=True).click()
    alice.get_by_role("button", name="Assistant menu").click()
    alice.get_by_role("button", name="Duplicate").click()
    expect(alice.get_by_label("Name", exact=True)).to_have_value("Copy of Fox")
