"""Why somebody looks is asked for as the policy says, and kept for a working day."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.http import urlencode

from chatsite.accounts.models import User
from conversations.review.audit import reasons
from conversations.review.audit import services as access_log
from conversations.review.audit.reason_views import with_reason
from conversations.review.models import AccessEntry, ReviewPolicy
from conversations.review.permissions import READ, permitted
from tests.views.html import parse, parse_text

PAGE = "/admin/review/review/reason/"
QUEUE = "/admin/review/review/"
LOG = "/admin/review/accessentry/"


def ask(policy: str) -> None:
    ReviewPolicy(pk=1, reason=policy).save()


@permitted(READ)
@with_reason
def read(request: HttpRequest) -> HttpResponseBase:
    access_log.record_access(request, AccessEntry.Kind.SEARCH)
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


def test_a_reason_that_a_wrong_clock_dated_ahead_does_not_hold_until_then(
    send: Sent, rita_client: Client
) -> None:
    ask("required")
    rita_client.post(PAGE, {"reason": "A sample"})
    session = rita_client.session
    session[reasons.KEY]["until"] += 366 * 24 * 3600
    session.save()
    assert send().status_code == 302


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


@pytest.mark.parametrize("policy", ["optional", "required"])
def test_pages_show_the_reason_and_lead_back_after_a_change(
    ada_client: Client, policy: str
) -> None:
    ask(policy)
    ada_client.post(PAGE, {"reason": "Complaint <17>"})
    page = parse(ada_client.get(f"{LOG}?what=search&who=ada"))
    assert page.one("bdi").text == "Complaint <17>"
    (change,) = (a["href"] for a in page.all("a") if a["href"].startswith(PAGE))
    following = parse(ada_client.get(change)).one("input", name="next")["value"]
    form = {"reason": "Another", "next": following}
    assert ada_client.post(PAGE, form)["Location"] == f"{LOG}?what=search&who=ada"


def test_pages_offer_to_give_one(ada_client: Client) -> None:
    assert "Give a reason" in parse(ada_client.get(LOG)).text


def test_pages_say_nothing_where_nobody_asks(ada_client: Client) -> None:
    ask("none")
    page = parse(ada_client.get(LOG))
    assert not [a for a in page.all("a") if a["href"].startswith(PAGE)]


@pytest.mark.parametrize(("policy", "is_required"), [("optional", False), ("required", True)])
def test_a_forms_field_has_the_reason_that_holds(
    rita: User, rita_client: Client, rf: RequestFactory, policy: str, is_required: bool
) -> None:
    ask(policy)
    rita_client.post(PAGE, {"reason": "Complaint 17"})
    request = rf.get("/")
    request.user, request.session = rita, rita_client.session
    html = render_to_string("review/audit/_reason_field.html", request=request)
    field = parse_text(html).one("textarea", name="reason")
    assert (field.text, "required" in field.attributes) == ("Complaint 17", is_required)
