"""The reader's time zone: told by the browser, kept with the account."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.conftest import signed_in
from tests.views.html import parse


def told(client: Client, zone: str) -> str:
    client.cookies["time_zone"] = zone
    assert client.get("/").status_code == 200
    return User.objects.get(username="alice").time_zone


def test_what_the_browser_tells_is_kept(alice_client: Client) -> None:
    assert told(alice_client, "Europe/Lisbon") == "Europe/Lisbon"


def test_a_traveller_tells_anew(alice_client: Client) -> None:
    told(alice_client, "Europe/Lisbon")
    assert told(alice_client, "Asia/Tokyo") == "Asia/Tokyo"


def test_what_is_told_counts_for_the_page_that_is_asked_for(alice_client: Client) -> None:
    alice_client.cookies["time_zone"] = "Pacific/Kiritimati"
    user = alice_client.get("/").wsgi_request.user
    assert getattr(user, "time_zone", "") == "Pacific/Kiritimati"


@pytest.mark.parametrize(
    "zone",
    ["", "Nowhere/Else", "../../etc/passwd", "/etc/localtime", "europe/lisbon\x00", "a" * 4000],
)
def test_nonsense_is_ignored(alice_client: Client, zone: str) -> None:
    told(alice_client, "Europe/Lisbon")
    assert told(alice_client, zone) == "Europe/Lisbon"


def test_a_browser_that_tells_nothing_gets_the_kept_one(alice: User) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    conversation = Conversation.objects.create(owner=alice, title="Talk")
    moment = conversation.created_at.replace(year=2020, month=1, day=31, hour=23)
    Conversation.objects.update(last_activity_at=moment)
    page = parse(signed_in(alice).get("/"))
    assert "February 2020" in page.text


def test_it_is_written_only_when_it_changes(alice_client: Client) -> None:
    told(alice_client, "Europe/Lisbon")
    with CaptureQueriesContext(connection) as queries:
        alice_client.get("/")
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_it_is_of_one_user_only(alice_client: Client, bob: User) -> None:
    told(alice_client, "Europe/Lisbon")
    bob.refresh_from_db()
    assert bob.time_zone == ""


def test_who_is_signed_out_tells_nobody(client: Client, alice: User) -> None:
    client.cookies["time_zone"] = "Asia/Tokyo"
    assert client.get("/accounts/login/").status_code == 200
    alice.refresh_from_db()
    assert alice.time_zone == ""
