"""Why somebody looks is asked for as the policy says, and kept for a working day."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.utils.http import urlencode

from chatsite.accounts.models import User
from conversations.review import reasons
from conversations.review.models import AccessEntry, ReviewPolicy
from conversations.review.services import access_log
from conversations.review.views.access import READ, permitted
from conversations.review.views.reasons import with_reason
from tests.views.html import parse

PAGE = "/admin/review/review/reason/"
QUEUE = "/admin/review/review/"


def ask(policy: str) -> None:
    ReviewPolicy(pk=1, reason=policy).save()


@permitted(READ)
@with_reason
def read(request: HttpRequest) -> HttpResponseBase:
    access_log.record(request, AccessEntry.Kind.SEARCH)
    return HttpResponse(f"Read: {request.POST.get('text', '')}")


type Sent = Callable[..., HttpResponseBase]


@pytest.fixture
def send(rita: User, rita_client: Client, rf: RequestFactory) -> Sent:
    """A request of rita's, with her session, to a view that wants a reason."""

    def sent(method: str = "GET", path: str = "/read/?page=2", **data: str) -> HttpResponseBase:
        body = urlencode(data)
        kind = "application/x-www-form-urlencoded"
        request = rf.generic(method, path, body, content_type=kind)
        request.user, request.session = rita, rita_client.session
        response = read(request)
        request.session.save()
        return response

    return sent


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_a_required_reason_is_asked_for_before_anything_is_shown(send: Sent) -> None:
    ask("required")
    response = send()
    assert (response.status_code, response["Location"]) == (
        302,
        f"{PAGE}?next=%2Fread%2F%3Fpage%3D2",
    )
    assert not AccessEntry.objects.exists()


def test_who_gives_one_goes_on_to_where_they_wanted(send: Sent, rita_client: Client) -> None:
    ask("required")
    form = {"reason": " Complaint 17 ", "next": "/read/?page=2"}
    assert rita_client.post(PAGE, form)["Location"] == "/read/?page=2"
    assert text(send()) == "Read: "
    assert AccessEntry.objects.get().reason == "Complaint 17"


def test_a_form_that_needs_one_is_led_to_the_page_with_all_that_was_typed(send: Sent) -> None:
    ask("required")
    asked = send("POST", text="A “quincunx”", number="3")
    page = parse(asked)  # type: ignore[arg-type]
    assert asked.status_code == 422
    assert page.one("form", method="post", action="/read/?page=2")
    assert page.one("input", name="text")["value"] == "A “quincunx”"
    assert text(send("POST", text="A “quincunx”", reason="Complaint 17")) == "Read: A “quincunx”"


def test_a_form_may_bring_its_reason(send: Sent) -> None:
    ask("required")
    assert text(send("POST", text="a", reason="Complaint 17")) == "Read: a"
    assert text(send()) == "Read: "
    assert {entry.reason for entry in AccessEntry.objects.all()} == {"Complaint 17"}


@pytest.mark.parametrize("reason", ["", "  ", "\0", "a" * 501])
def test_what_is_no_reason_is_asked_for_again(send: Sent, rita_client: Client, reason: str) -> None:
    ask("required")
    assert rita_client.post(PAGE, {"reason": reason}).status_code == 422
    assert send("POST", reason=reason).status_code == 422
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("policy", ["optional", "none"])
def test_without_a_reason_it_works_where_none_is_required(send: Sent, policy: str) -> None:
    ask(policy)
    assert text(send()) == "Read: "
    assert AccessEntry.objects.get().reason == ""


def test_an_optional_reason_is_kept_if_given(send: Sent, rita_client: Client) -> None:
    rita_client.post(PAGE, {"reason": "A sample"})
    send()
    assert AccessEntry.objects.get().reason == "A sample"


def test_where_nobody_asks_none_is_noted_down(send: Sent, rita_client: Client) -> None:
    rita_client.post(PAGE, {"reason": "A sample"})
    ask("none")
    send()
    assert AccessEntry.objects.get().reason == ""


def test_a_reason_holds_for_eight_hours(send: Sent, rita_client: Client) -> None:
    ask("required")
    rita_client.post(PAGE, {"reason": "A sample"})
    session = rita_client.session
    session[reasons.KEY]["until"] -= reasons.KEPT
    session.save()
    assert send().status_code == 302


def test_a_reason_is_of_one_session(send: Sent, rita_client: Client, rita: User) -> None:
    ask("required")
    other = Client()
    other.force_login(rita, backend="chatsite.accounts.sign_in.backends.AuthenticationBackend")
    other.post(PAGE, {"reason": "A sample"})
    assert send().status_code == 302


@pytest.mark.parametrize(
    "following", ["", "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
)
def test_one_goes_on_within_the_site_alone(rita_client: Client, following: str) -> None:
    location = rita_client.post(PAGE, {"reason": "A", "next": following})["Location"]
    assert location == QUEUE


def test_the_page_shows_the_reason_that_holds(rita_client: Client) -> None:
    rita_client.post(PAGE, {"reason": "Complaint <17>"})
    assert parse(rita_client.get(PAGE)).one("textarea").text.strip() == "Complaint <17>"
