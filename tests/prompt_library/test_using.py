"""What "/" offers, and the form of a prompt's variables."""

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from tests.prompt_library.factories import make_prompt
from tests.views.html import HTMX, parse

TONE = 'To {{name | text:required}}, {{tone | select:options="formal,friendly"}}. {{name}}'


def test_the_list_brings_what_needs_no_asking(alice_client: Client, alice: User) -> None:
    make_prompt(alice, "a", text='On {{today}} & "x"')
    make_prompt(alice, "b", text="{{topic}}")
    make_prompt(alice, "c", text="x" * 2_001)
    page = parse(alice_client.get("/prompts/suggestions/"))
    a, b, c = page.all("li", role="option")
    today = timezone.localdate().isoformat()
    assert a["data-insert"] == f'On {today} & "x"'
    for option in (b, c):
        assert "data-insert" not in option.attributes
        assert option["hx-get"].startswith("/prompts/")
    assert page.one("ul")["data-found"] == "3 prompts"


def test_nothing_opens_where_no_prompt_is_meant(alice_client: Client, alice: User) -> None:
    make_prompt(alice, "a")
    assert not parse(alice_client.get("/prompts/suggestions/?q=etc")).text.strip()


def test_the_day_is_that_of_the_user(alice_client: Client, alice: User) -> None:
    make_prompt(alice, "a", text="{{today}}")
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        User.objects.filter(pk=alice.pk).update(time_zone=zone)
        page = parse(alice_client.get("/prompts/suggestions/"))
        days.add(page.one("li", role="option")["data-insert"])
    assert len(days) == 2


def test_variables_are_asked_for_and_the_text_is_brought(alice_client: Client, alice: User) -> None:
    url = f"/prompts/{make_prompt(alice, text=TONE).pk}/use/"
    page = parse(alice_client.get(url, headers=HTMX))
    assert [each.text for each in page.all("option")] == ["Choose…", "formal", "friendly"]
    data = {"v-name": "{{tone}}", "v-tone": "formal"}
    page = parse(alice_client.post(url, data, headers=HTMX))
    assert page.one("div")["data-insert"] == "To {{tone}}, formal. {{tone}}"
    page = parse(alice_client.post(url, data))
    assert page.by_id("composer-text").text.strip() == "To {{tone}}, formal. {{tone}}"
    assert page.by_id("composer")["action"] == "/"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"v-name": "", "v-tone": "formal"}, "This field is required."),
        ({"v-name": "Kim", "v-tone": "rude"}, "Select a valid choice."),
        ({"v-name": "x" * 2_001}, "at most 2000 characters"),
    ],
)
def test_a_value_that_is_wrong_is_said_at_its_field(
    alice_client: Client, alice: User, data: dict[str, str], said: str
) -> None:
    url = f"/prompts/{make_prompt(alice, text=TONE).pk}/use/"
    for headers in ({}, HTMX):
        response = alice_client.post(url, data, headers=headers)
        assert response.status_code == 422
        assert said in parse(response).text


def test_a_text_that_would_never_end_is_refused(alice_client: Client, alice: User) -> None:
    url = f"/prompts/{make_prompt(alice, text='{{a | textarea}}' * 1_000).pk}/use/"
    response = alice_client.post(url, {"v-a": "x" * 1_000}, headers=HTMX)
    assert response.status_code == 422
    assert "longer than 200,000 characters" in parse(response).text


def test_a_long_text_without_variables_is_brought_at_once(
    alice_client: Client, alice: User
) -> None:
    url = f"/prompts/{make_prompt(alice, text='x' * 3_000).pk}/use/"
    assert parse(alice_client.get(url, headers=HTMX)).one("div")["data-insert"] == "x" * 3_000
    assert parse(alice_client.get(url)).by_id("composer-text").text.strip() == "x" * 3_000
