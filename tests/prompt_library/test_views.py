"""The pages of the prompt library, and what "/" offers."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation, InstructionPolicy
from conversations.prompt_library.models import SavedPrompt
from tests.prompt_library.factories import make_prompt
from tests.views.html import HTMX, parse

type Queries = Callable[[int], AbstractContextManager[object]]

TONE = 'To {{name | text:required}}, {{tone | select:options="formal,friendly"}}. {{name}}'


def listed(client: Client, query: str = "") -> list[str]:
    page = parse(client.get(f"/prompts/{query}"))
    return [row.text.split()[0] for row in page.all("li", **{"class": "prompts-row"})]


# The list


def test_ones_own_and_shared_ones_are_apart(alice_client: Client, alice: User, bob: User) -> None:
    make_prompt(alice, "mine")
    make_prompt(bob, "private")
    make_prompt(bob, "shared", is_for_all=True)
    assert listed(alice_client) == ["mine"]
    assert listed(alice_client, "?of=shared") == ["shared"]
    assert listed(alice_client, "?of=shared&q=mine") == []


def test_there_is_a_search_where_there_is_something_to_search(
    alice_client: Client, alice: User
) -> None:
    make_prompt(alice, "mine")
    for query in ("", "?q=nothing"):
        page = parse(alice_client.get(f"/prompts/{query}"))
        assert page.one("input", placeholder="Search prompts")["name"] == "q"


def test_a_list_without_any_says_what_they_are_for(alice_client: Client) -> None:
    page = parse(alice_client.get("/prompts/"))
    assert "Type “/” in a message" in page.text
    assert "Shared" not in page.text
    assert not page.all("input", placeholder="Search prompts")
    assert "No prompt has these words." in parse(alice_client.get("/prompts/?q=x")).text


def test_pages_follow_one_another(alice_client: Client, alice: User) -> None:
    for number in range(60):
        make_prompt(alice, f"p-{number:02}")
    page = parse(alice_client.get("/prompts/"))
    assert len(page.all("li", **{"class": "prompts-row"})) == 50
    (link,) = (each for each in page.all("a") if each.text == "Next")
    assert listed(alice_client, link["href"])[0] == "p-50"
    assert alice_client.get("/prompts/?after=nonsense").status_code == 404
    assert alice_client.get("/prompts/?after=%00_1").status_code == 404


@pytest.mark.parametrize("url", ["/prompts/?q=%00", "/prompts/suggestions/?q=%00"])
def test_what_no_database_takes_is_no_word(alice_client: Client, alice: User, url: str) -> None:
    make_prompt(alice, "mine")
    assert "mine" in alice_client.get(url).content.decode()


def test_whom_it_is_for_is_shown_to_those_who_decide(
    ada_client: Client, ada: User, alice_client: Client, alice: User
) -> None:
    group = Group.objects.create(name="Law")
    make_prompt(ada, "a").groups.add(group)
    alice.groups.add(group)
    assert "For Law" in parse(ada_client.get("/prompts/")).text
    assert "Law" not in parse(alice_client.get("/prompts/?of=shared")).text


@pytest.mark.parametrize("number", [1, 40])
@pytest.mark.parametrize("path", ["/prompts/", "/prompts/?of=shared", "/prompts/suggestions/?q=p"])
def test_queries_of_a_list(
    alice_client: Client,
    alice: User,
    django_assert_num_queries: Queries,
    number: int,
    path: str,
) -> None:
    for each in range(number):
        make_prompt(alice, f"p-{each}")
        make_prompt(None, f"p-{each}", is_for_all=True)
    alice_client.get("/accounts/profile/")
    InstructionPolicy.current()
    # The session, the user; the prompts, their groups, whether any are shared; the sidebar's five.
    # The list of suggestions is one.
    expected = {"/prompts/": 10, "/prompts/?of=shared": 9, "/prompts/suggestions/?q=p": 3}
    with django_assert_num_queries(expected[path]):
        alice_client.get(path)


# The form


def test_a_prompt_is_made_and_changed(alice_client: Client, alice: User) -> None:
    data = {"name": "/Sum up", "description": " In  a line ", "text": "Sum\r\nup."}
    assert alice_client.post("/prompts/new/", data)["Location"] == "/prompts/"
    prompt = SavedPrompt.objects.get(owner=alice)
    assert (prompt.name, prompt.description, prompt.text) == ("sum-up", "In a line", "Sum\nup.")
    page = parse(alice_client.get(f"/prompts/{prompt.pk}/edit/"))
    assert page.one("input", name="name")["value"] == "sum-up"
    alice_client.post(f"/prompts/{prompt.pk}/edit/", data | {"text": "Other"})
    prompt.refresh_from_db()
    assert prompt.text == "Other"
    assert prompt.changed_at > prompt.created_at


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "", "text": "x"}, "Write a name first."),
        ({"name": "?!", "text": "x"}, "Write a name with letters or digits."),
        ({"name": "taken", "text": "x"}, "There is a prompt called “taken” already."),
        ({"name": "a", "text": " \u200b"}, "Write a text first."),
        ({"name": "a", "text": "x" * 32_001}, "at most 32000 characters"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    alice_client: Client, alice: User, headers: dict[str, str], data: dict[str, str], said: str
) -> None:
    make_prompt(alice, "taken")
    data = data | {"description": "Kept"}
    response = alice_client.post("/prompts/new/", data, headers=headers)
    page = parse(response)
    assert response.status_code == 422
    assert said in page.text
    assert page.one("input", name="description")["value"] == "Kept"
    assert SavedPrompt.objects.count() == 1


def test_administrators_alone_see_how_it_is_shared(
    ada_client: Client, ada: User, alice_client: Client
) -> None:
    group = Group.objects.create(name="Law")
    assert not parse(alice_client.get("/prompts/new/")).all("input", name="is_for_all")
    data = {"name": "a", "text": "x", "is_for_all": "on", "groups": [group.pk]}
    ada_client.post("/prompts/new/", data)
    alice_client.post("/prompts/new/", data)
    shared, private = SavedPrompt.objects.order_by("pk")
    assert (shared.is_for_all, list(shared.groups.all())) == (True, [group])
    assert (private.is_for_all, list(private.groups.all())) == (False, [])
    page = parse(ada_client.get(f"/prompts/{shared.pk}/edit/"))
    assert "checked" in page.one("input", name="groups", value=str(group.pk)).attributes


def test_what_is_no_variable_is_said_while_one_types(alice_client: Client) -> None:
    page = parse(alice_client.post("/prompts/check/", {"text": "{{a}} {{b | color}} <b>"}))
    assert "Variables: A" in " ".join(page.text.split())
    assert "{{b | color}}" in page.text
    page = parse(alice_client.post("/prompts/check/", {"text": ""}))
    assert "What is in double braces is asked for" in page.text


def test_a_copy_is_opened(alice_client: Client, alice: User, bob: User) -> None:
    shared = make_prompt(bob, "a", is_for_all=True)
    response = alice_client.post(f"/prompts/{shared.pk}/duplicate/")
    copy = SavedPrompt.objects.get(owner=alice)
    assert response["Location"] == f"/prompts/{copy.pk}/edit/"


def test_deleting_asks_first(alice_client: Client, alice: User) -> None:
    prompt = make_prompt(alice, "a")
    url = f"/prompts/{prompt.pk}/delete/"
    assert "“a” will be deleted." in parse(alice_client.get(url)).text
    assert alice_client.post(url, headers=HTMX)["HX-Redirect"] == "/prompts/"
    assert not SavedPrompt.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_message_is_saved_as_a_prompt(
    alice_client: Client, alice: User, conversation: Conversation, headers: dict[str, str]
) -> None:
    message = conversation.messages.get(role="user")
    url = f"/c/{conversation.pk}/messages/{message.pk}/save-prompt/"
    page = parse(alice_client.get(url, headers=headers))
    assert page.one("textarea", name="text").text.strip() == "Hello"
    response = alice_client.post(url, {"name": "hi", "text": "Hello"}, headers=headers)
    assert response.status_code == (200 if headers else 302)
    if headers:
        assert "Type “/hi” to use it." in response.content.decode()
    assert SavedPrompt.objects.get(owner=alice).name == "hi"


def test_a_message_that_is_too_long_is_cut_and_that_is_said(
    alice_client: Client, conversation: Conversation
) -> None:
    message = conversation.messages.get(role="assistant")
    conversation.messages.filter(pk=message.pk).update(text="x" * 40_000)
    url = f"/c/{conversation.pk}/messages/{message.pk}/save-prompt/"
    page = parse(alice_client.get(url))
    assert page.one("textarea", name="text").text.strip() == "x" * 32_000
    assert "its first 32000 characters" in page.text
