"""The profile: name, theme, language and time zone; what is chosen counts more than the browser."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.profile.preferences import list_zones_by_region
from chatsite.languages import list_shipped_languages
from conversations.models import Conversation
from tests.views.html import HTMX, Page, parse

URL = "/accounts/profile/"
THEME_URL = "/accounts/theme/"
FORM = {"name": "", "theme": "system", "language": "", "time_zone": ""}


def save(client: Client, **fields: str) -> User:
    assert client.post(URL, FORM | fields)["Location"] == URL
    return User.objects.get(username="alice")


def colour_schemes(page: Page) -> list[str]:
    return [meta["content"] for meta in page.all("meta", name="color-scheme")]


def test_the_name_is_what_the_site_calls_one(alice_client: Client) -> None:
    save(alice_client, name="Alice Liddell")
    page = parse(alice_client.get("/"))
    assert page.one("span", **{"class": "account-name"}).text == "Alice Liddell"


def test_without_a_name_it_is_the_username(alice_client: Client) -> None:
    page = parse(alice_client.get("/"))
    assert page.one("span", **{"class": "account-name"}).text == "alice"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_on_the_page_before_it_is_drawn(alice_client: Client, theme: str) -> None:
    save(alice_client, theme=theme)
    page = parse(alice_client.get("/"))
    assert page.one("html")["data-theme"] == theme
    assert colour_schemes(page) == [theme]
    assert len(page.all("meta", name="theme-color")) == 1


def test_by_itself_it_is_the_devices(alice_client: Client) -> None:
    save(alice_client, theme="dark")
    save(alice_client, theme="system")
    page = parse(alice_client.get("/"))
    assert "data-theme" not in page.one("html").attributes
    assert colour_schemes(page) == ["light dark"]


def test_a_theme_is_saved_by_itself(alice_client: Client, alice: User) -> None:
    save(alice_client, name="Alice Liddell")
    assert alice_client.post(THEME_URL, {"theme": "dark"}, headers=HTMX).status_code == 204
    alice.refresh_from_db()
    assert (alice.theme, alice.name) == ("dark", "Alice Liddell")


def test_a_theme_that_there_is_not_is_refused(alice_client: Client, alice: User) -> None:
    assert alice_client.post(THEME_URL, {"theme": "pink"}).status_code == 400
    alice.refresh_from_db()
    assert alice.theme == "system"


def test_the_account_menu_has_the_theme(alice_client: Client) -> None:
    save(alice_client, theme="dark")
    (chosen,) = parse(alice_client.get("/")).all("input", type="radio", checked="")
    assert chosen["value"] == "dark"


def test_a_zone_that_is_chosen_wins_over_the_browsers(alice_client: Client) -> None:
    user = save(alice_client, time_zone="Asia/Tokyo")
    alice_client.cookies["time_zone"] = "Europe/Lisbon"
    alice_client.get("/")
    user.refresh_from_db()
    assert (user.time_zone, user.time_zone_is_chosen) == ("Asia/Tokyo", True)


def test_pages_are_in_the_zone_that_is_chosen(
    alice_client: Client, conversation: Conversation
) -> None:
    save(alice_client, time_zone="Asia/Tokyo")
    alice_client.cookies["time_zone"] = "Europe/Lisbon"
    page = alice_client.get(conversation.get_absolute_url()).content.decode()
    assert re.search(r'datetime="[^"]+\+09:00"', page)


def test_taken_back_it_is_the_browsers_again(alice_client: Client) -> None:
    save(alice_client, time_zone="Asia/Tokyo")
    alice_client.cookies["time_zone"] = "Europe/Lisbon"
    user = save(alice_client, time_zone="")
    assert (user.time_zone, user.time_zone_is_chosen) == ("Europe/Lisbon", False)


def test_the_browsers_zone_is_named(alice_client: Client) -> None:
    alice_client.cookies["time_zone"] = "Europe/Lisbon"
    assert "As the browser says (Europe/Lisbon)" in parse(alice_client.get(URL)).text


def test_what_is_chosen_is_selected(alice_client: Client) -> None:
    save(alice_client, time_zone="America/New_York")
    options = parse(alice_client.get(URL)).all("option", selected="")
    assert "New York" in [option.text for option in options]


def test_a_zone_that_is_not_on_the_list_is_kept(alice_client: Client) -> None:
    User.objects.update(time_zone="US/Pacific", time_zone_is_chosen=True)
    assert save(alice_client, time_zone="US/Pacific").time_zone == "US/Pacific"


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Nowhere/Else"), ("theme", "pink"), ("language", "xx"), ("name", "a" * 151)],
)
def test_nonsense_is_refused(alice_client: Client, field: str, value: str) -> None:
    response = alice_client.post(URL, FORM | {field: value})
    assert response.status_code == 422
    assert parse(response).all("ul", **{"class": "errorlist"})
    user = User.objects.get(username="alice")
    assert (user.time_zone, user.theme, user.language, user.name) == ("", "system", "", "")


def test_nothing_else_can_be_set(alice_client: Client) -> None:
    user = save(alice_client, is_staff="on", username="root", email="root@example.com")
    assert (user.is_staff, user.username, user.email) == (False, "alice", "alice@example.com")


def test_zones_are_listed_by_region() -> None:
    regions = dict(list_zones_by_region())
    assert ("Europe/Vienna", "Vienna") in regions["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires") in regions["America"]
    assert "Etc" not in regions


# Language


@pytest.fixture
def german(settings: Settings) -> None:
    """A site that speaks German too: with the words that Django itself brings."""
    settings.LANGUAGES = [("de", "Deutsch"), ("en", "English")]


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("chosen", "browser", "shown"),
    [
        ("", "de-AT, en;q=0.5", "de"),
        ("", "fr", "en"),
        ("en", "de", "en"),
        ("de", "en", "de"),
    ],
)
def test_the_language_is_the_chosen_one_then_the_browsers(
    alice_client: Client, chosen: str, browser: str, shown: str
) -> None:
    save(alice_client, language=chosen)
    response = alice_client.get("/", headers={"Accept-Language": browser})
    assert parse(response).one("html")["lang"] == shown
    assert response["Content-Language"] == shown
    assert "Accept-Language" in response["Vary"]


@pytest.mark.usefixtures("german")
def test_one_readers_language_is_not_the_nexts(alice_client: Client, client: Client) -> None:
    save(alice_client, language="de")
    alice_client.get("/")
    assert client.get("/accounts/login/")["Content-Language"] == "en"


def test_a_language_that_is_no_longer_shipped_is_english(alice_client: Client) -> None:
    User.objects.update(language="de")
    assert alice_client.get("/")["Content-Language"] == "en"
    assert save(alice_client, language="de").language == "de"


def test_a_translation_is_added_by_its_files(tmp_path: Path) -> None:
    assert list_shipped_languages(tmp_path / "missing") == [("en", "English")]
    for name in ("de", "pt_BR"):
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.mo").touch()
    assert list_shipped_languages(tmp_path) == [
        ("de", "Deutsch"),
        ("en", "English"),
        ("pt-br", "Português Brasileiro"),
    ]
