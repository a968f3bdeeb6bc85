"""Pages for what went wrong."""

import uuid

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, page_not_found, permission_denied

from chatsite.server.error_pages import server_error
from conversations.models import Conversation
from tests.views.html import HTMX, parse


@pytest.fixture
def strict(alice_client: Client) -> Client:
    """alice's browser, with its tokens checked."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = alice_client.cookies
    return client


def test_an_unknown_address_says_that_nothing_is_there(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert parse(response).one("h1").text == "There is nothing here"


def test_someone_elses_page_looks_like_one_that_never_was(
    bob_client: Client, conversation: Conversation
) -> None:
    theirs = parse(bob_client.get(conversation.get_absolute_url())).text
    assert theirs == parse(bob_client.get(f"/c/{uuid.uuid4()}/")).text


def test_a_form_without_its_token_gets_a_friendly_page(strict: Client) -> None:
    response = strict.post("/", {"text": "Hello"})
    assert response.status_code == 403
    assert parse(response).one("h1").text == "This form has expired"


def test_htmx_without_its_token_fetches_the_page_anew(strict: Client) -> None:
    response = strict.post("/", {"text": "Hello"}, headers=HTMX)
    assert response["HX-Refresh"] == "true"
    assert not Conversation.objects.exists()


def test_the_token_on_the_page_is_accepted(strict: Client) -> None:
    token = parse(strict.get("/")).all("input", name="csrfmiddlewaretoken")[0]["value"]
    form = {"text": "Hello", "token": "t", "csrfmiddlewaretoken": token}
    assert strict.post("/", form).status_code == 302


def test_the_token_in_the_headers_of_htmx_is_accepted(strict: Client) -> None:
    headers = parse(strict.get("/")).one("body")["hx-headers:inherited"]
    token = headers.removeprefix('{"X-CSRFToken": "').removesuffix('"}')
    response = strict.post(
        "/", {"text": "Hello", "token": "t"}, headers=HTMX | {"X-CSRFToken": token}
    )
    assert response["HX-Trigger"] == "conversations:changed"


@pytest.mark.parametrize(
    ("view", "status"),
    [(bad_request, 400), (permission_denied, 403), (page_not_found, 404)],
)
def test_each_error_has_a_page_of_the_sites_own(view: object, status: int) -> None:
    assert callable(view)
    response = view(RequestFactory().get("/"), Exception("secret detail"))
    assert response.status_code == status
    assert parse(response).all("link", rel="stylesheet")
    assert b"secret detail" not in response.content


def test_the_page_for_a_broken_server_needs_neither_database_nor_request() -> None:
    response = server_error(RequestFactory().get("/"))  # type: ignore[arg-type]
    assert response.status_code == 500
    assert parse(response).one("h1").text == "Something went wrong on the server"
