"""`/metrics/`: whose it is, and what of requests it tells."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from conversations.models import Conversation
from tests.e2e.site import Site
from tests.server.conftest import serve
from tests.server.metrics.scraping import AUTHORIZED, TOKEN, Rise, scrape

pytestmark = pytest.mark.django_db


@pytest.fixture
def metrics(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def test_without_the_setting_there_is_no_such_address(client: Client) -> None:
    assert client.get("/metrics/", headers=AUTHORIZED).status_code == 404


def test_without_the_setting_an_empty_token_opens_nothing(client: Client) -> None:
    assert client.get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("metrics")
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ü"])
def test_who_has_not_the_token_is_refused(client: Client, header: str) -> None:
    response = client.get("/metrics/", headers={"Authorization": header})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.usefixtures("metrics")
def test_who_has_the_token_is_answered_by_whatever_name(client: Client) -> None:
    response = client.get("/metrics/", headers={**AUTHORIZED, "Host": "10.0.0.7"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert 'chatsite_build_info{database="' in response.content.decode()


@pytest.mark.usefixtures("metrics")
def test_it_can_only_be_read(client: Client) -> None:
    assert client.post("/metrics/", headers=AUTHORIZED).status_code == 405


@pytest.mark.usefixtures("metrics")
def test_requests_count_by_view_method_and_class_of_status(alice_client: Client) -> None:
    labels = {"view": "conversations:list", "method": "GET", "status": "2xx"}
    counted = Rise("chatsite_http_requests_total", **labels)
    timed = Rise("chatsite_http_request_duration_seconds_count", view="conversations:list")
    alice_client.get("/conversations/")
    assert (counted(), timed()) == (1, 1)


@pytest.mark.usefixtures("metrics")
def test_addresses_that_are_none_count_together(client: Client) -> None:
    counted = Rise("chatsite_http_requests_total", view="unmatched", status="4xx")
    client.get("/made-up/")
    client.get("/another/")
    assert counted() == 2


@pytest.mark.usefixtures("metrics")
def test_methods_that_are_none_count_together(client: Client) -> None:
    counted = Rise("chatsite_http_requests_total", method="other")
    client.generic("MADEUP", "/accounts/login/")
    assert counted() == 1


@pytest.mark.usefixtures("metrics")
def test_no_label_tells_a_path_a_user_or_a_conversation(
    alice_client: Client, conversation: Conversation
) -> None:
    alice_client.get(f"/c/{conversation.pk}/")
    alice_client.get("/made-up/")
    text = scrape()
    owner = conversation.owner
    assert owner
    for private in (str(conversation.pk), "made-up", owner.username, owner.pseudonym):
        assert private not in text


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    yield from serve(prepared, tmp_path / "data", METRICS_TOKEN=TOKEN, MAX_CONNECTIONS="100")


def test_a_serving_process_tells_of_itself(site: Site) -> None:
    text = site.fetch("/metrics/", AUTHORIZED)
    assert 'process_resident_memory_bytes{process="0"}' in text
    assert 'process_open_fds{process="0"}' in text
    assert 'chatsite_http_requests_total{method="GET",process="0",status="2xx",view="healthz"}' in (
        text
    )
    assert 'chatsite_live_replies{process="0",state="all"} 0.0' in text
    assert 'chatsite_admission_queue_length{process="0"} 0.0' in text
