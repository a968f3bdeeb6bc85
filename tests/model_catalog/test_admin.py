"""Models in the administration: edited, taken over from the server, tried."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from chatsite.accounts.models import UsageDay, User
from conversations.model_catalog.catalog import find_model, list_models
from conversations.models import ChatModel, Message, ModelRequest
from conversations.offline_model import Fault, OfflineModel
from conversations.services.model_client import get_model_client
from tests.model_api.servers import LoopbackServer, answering
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model
from tests.views.html import parse

LIST = "/admin/conversations/chatmodel/"
SERVER = f"{LIST}server/"
FORM = {
    "identifier": QUICK,
    "label": "Quick",
    "position": "2",
    "is_on": "on",
    "is_for_all": "on",
    "reads_images": "on",
}


def change_url(model: ChatModel, page: str = "change") -> str:
    return f"{LIST}{model.pk}/{page}/"


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Callable[[bytes], AbstractContextManager[Any]]]:
    """Has the site talk to a server that answers with these bytes."""

    def serve(answer: bytes) -> AbstractContextManager[Any]:
        server = LoopbackServer(answering(answer))
        settings.AIMLAPI_BASE_URL, settings.AIMLAPI_API_KEY = server.base_url, "a-key"
        get_model_client.cache_clear()
        return server

    yield serve
    get_model_client.cache_clear()


def test_the_model_of_the_settings_is_there_to_be_edited(ada_client: Client) -> None:
    for _ in range(2):
        page = parse(ada_client.get(LIST))
    row = ChatModel.objects.get()
    assert (row.identifier, row.is_on, row.is_for_all) == (SITE, True, True)
    assert "those of the settings" in page.text
    assert ada_client.get(change_url(row)).status_code == 200


def test_who_may_not_manage_models_makes_no_row(rita_client: Client) -> None:
    assert rita_client.get(LIST).status_code == 403
    assert not ChatModel.objects.exists()


def test_the_model_of_the_settings_is_not_deleted_nor_renamed(ada_client: Client) -> None:
    row = add_model(SITE)
    assert ada_client.post(change_url(row, "delete"), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    ada_client.post(LIST, action)
    response = ada_client.post(change_url(row), FORM)
    assert "model of CHAT_MODEL" in response.content.decode()
    assert ChatModel.objects.get().identifier == SITE


def test_what_is_saved_holds_at_once_also_its_groups(
    ada_client: Client, alice: User, bob: User
) -> None:
    group = Group.objects.create(name="research")
    alice.groups.add(group)
    row = add_model(QUICK)
    assert QUICK in {each.identifier for each in list_models(bob)}
    data = {key: value for key, value in FORM.items() if key != "is_for_all"}
    prices = {"price_input": "0.123456", "price_output": "2"}
    response = ada_client.post(change_url(row), data | prices | {"groups": [group.pk]})
    assert response.status_code == 302
    assert QUICK in {each.identifier for each in list_models(alice)}
    assert QUICK not in {each.identifier for each in list_models(bob)}
    known = find_model(QUICK).prices
    assert known
    assert known.input == Decimal("0.123456")


def test_several_are_switched_and_ordered_in_the_list(ada_client: Client, alice: User) -> None:
    rows = [add_model(SITE), add_model(QUICK)]
    data: dict[str, Any] = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Save"}
    for index, row in enumerate(rows):
        data |= {f"form-{index}-id": row.pk, f"form-{index}-position": 9 - index}
    data["form-1-is_on"] = "on"
    ada_client.post(LIST, data)
    assert [each.identifier for each in list_models(alice)] == [QUICK]


def test_what_is_deleted_is_gone_at_once(ada_client: Client, alice: User) -> None:
    add_model(SITE)
    row = add_model(QUICK)
    assert len(list_models(alice)) == 2
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    ada_client.post(LIST, action)
    assert [each.identifier for each in list_models(alice)] == [SITE]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"context_window": "1000", "longest_reply": "1000"}, "less than the context window"),
        ({"price_input": "-1", "price_output": "1"}, "greater than or equal to 0"),
        ({"price_input": "1"}, "Give this price as well"),
        ({"price_cached_input": "1"}, "Give this price as well"),
        ({"identifier": SITE}, "already exists"),
    ],
)
def test_what_has_no_sense_is_said_at_its_field(
    ada_client: Client, fields: dict[str, str], said: str
) -> None:
    add_model(SITE)
    response = ada_client.post(f"{LIST}add/", FORM | fields)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert ChatModel.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"is_on": False}, "nobody can send anything"), ({"is_for_all": False}, "in none of the")],
)
def test_who_can_send_nothing_now_is_said(
    ada_client: Client, fields: dict[str, Any], said: str
) -> None:
    row = add_model(SITE, **fields)
    data = FORM | {"identifier": SITE}
    for name in fields:
        data.pop(name)
    page = parse(ada_client.post(change_url(row), data, follow=True))
    assert said in page.text


@pytest.mark.django_db(transaction=True)
def test_the_server_is_asked_and_what_is_chosen_is_added_switched_off(
    ada_client: Client, alice: User, model: OfflineModel
) -> None:
    add_model(SITE)
    page = parse(ada_client.post(SERVER))
    labels = {each.text: each["for"] for each in page.all("label") if "for" in each.attributes}
    chosen = page.by_id(labels[THOROUGH])["value"]
    answer = parse(ada_client.post(SERVER, {"add": "yes", "chosen": [chosen]}, follow=True))
    assert "1 model was added, switched off" in answer.text
    row = ChatModel.objects.get(identifier=THOROUGH)
    assert (row.label, row.context_window, row.longest_reply) == (
        "Offline Thorough",
        200_000,
        64_000,
    )
    assert (row.price_input, row.price_cached_input, row.price_output) == (
        Decimal(3),
        Decimal("0.3"),
        Decimal(15),
    )
    assert not row.is_on
    assert len(list_models(alice)) == 1
    assert LogEntry.objects.filter(object_id=str(row.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_search_narrows_what_the_server_has(ada_client: Client, model: OfflineModel) -> None:
    page = parse(ada_client.post(SERVER, {"search": "quick"}))
    assert QUICK in page.text
    assert THOROUGH not in page.text


def test_what_the_page_did_not_offer_is_not_added(ada_client: Client) -> None:
    forged = '{"identifier": "forged"}'
    page = parse(ada_client.post(SERVER, {"add": "yes", "chosen": [forged]}, follow=True))
    assert "Nothing was added" in page.text
    assert not ChatModel.objects.exclude(identifier=SITE).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "refuses the key"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "doesn’t know this"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "something else"),
    ],
)
def test_a_server_that_refuses_is_explained(
    ada_client: Client,
    elsewhere: Callable[[bytes], AbstractContextManager[Any]],
    answer: bytes,
    said: str,
) -> None:
    with elsewhere(answer):
        response = ada_client.post(SERVER)
    assert response.status_code == 502
    assert said in parse(response).text


@pytest.mark.django_db(transaction=True)
def test_what_a_server_says_is_shown_as_text(
    ada_client: Client, elsewhere: Callable[[bytes], AbstractContextManager[Any]]
) -> None:
    body = b'{"data": [{"id": "<script>x</script>", "name": "<b>bold</b>"}]}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with elsewhere(head + body):
        response = ada_client.post(SERVER)
    assert "<script>x" not in response.content.decode()
    assert "<b>bold</b>" in parse(response).text


@pytest.mark.django_db(transaction=True)
def test_a_trial_shows_the_answer_what_it_took_and_costs_nobody_anything(
    ada_client: Client, model: OfflineModel
) -> None:
    row = add_model(THOROUGH, price_input=Decimal(3), price_output=Decimal(15), is_on=False)
    model.script(Fault(text="Good evening.", price=False))
    page = parse(ada_client.post(change_url(row, "try"), {"text": "Hello"}))
    assert "Good evening." in page.text
    (request,) = model.requests
    assert request.body["model"] == THOROUGH
    assert request.body["messages"] == [{"role": "user", "content": "Hello"}]
    assert "$0.0000" in page.text
    assert not UsageDay.objects.exists()
    assert not ModelRequest.objects.exists()
    assert not Message.objects.exists()
    assert LogEntry.objects.filter(object_id=str(row.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_trial_that_fails_is_explained(ada_client: Client, model: OfflineModel) -> None:
    row = add_model("missing")
    page = parse(ada_client.post(change_url(row, "try"), {"text": "Hello"}))
    assert "The server doesn’t know this." in page.text
    assert "does not exist" in page.text


def test_the_list_costs_no_query_a_model(ada_client: Client) -> None:
    counts = []
    for number in (1, 20):
        for index in range(number):
            row = add_model(f"model-{number}-{index}", is_for_all=False)
            row.groups.add(Group.objects.create(name=f"group-{number}-{index}"))
        ada_client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            ada_client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
