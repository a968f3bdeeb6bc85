"""Headers, cookies, and what a page may hold under a strict policy."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from tests.views.html import HTMX, Page, parse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PUBLIC = ["/accounts/login/", "/accounts/signup/", "/accounts/inactive/", "/nowhere/", "/livez/"]
PRIVATE = [
    "/",
    "/conversations/",
    "/c/{c}/",
    "/c/{c}/messages/?before={m}",
    "/c/{c}/messages/{m}/source/",
    "/c/{c}/messages/{m}/stream/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/usage/",
    "/accounts/profile/",
    "/accounts/instructions/",
    "/accounts/sessions/",
    "/accounts/2fa/",
]
ADMIN = [
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/accounts/user/{u}/change/",
    "/admin/accounts/user/{u}/password/",
    "/admin/accounts/limit/",
    "/admin/accounts/limit/add/",
    "/admin/accounts/usageday/",
    "/admin/accounts/usageday/of/{u}/",
    "/admin/review/review/",
    "/admin/review/review/reason/",
    "/admin/review/accessentry/",
    "/admin/review/reviewpolicy/1/change/",
    "/admin/conversations/instructionpolicy/1/change/",
    "/admin/conversations/parameterpolicy/1/change/",
    "/admin/review/review/search/?q=Hello",
    "/admin/review/siteday/",
    "/admin/review/rule/",
    "/admin/review/rule/add/",
    "/admin/review/review/{c}/change/",
    "/admin/review/verdict/",
    "/admin/review/label/add/",
    "/admin/review/review/?state=waiting&cost=x",
    "/admin/review/export/",
    "/admin/review/hold/",
    "/admin/review/retentionrule/",
    "/admin/review/retentionrule/add/",
]


@pytest.fixture
def mine(rita: User, conversation: Conversation) -> Conversation:
    """A conversation of rita's: she sees every kind of page."""
    conversation.owner = rita
    conversation.save()
    worker.process_outbox()
    return conversation


def address(path: str, shown: Conversation) -> str:
    return path.format(c=shown.pk, m=shown.leaf_id, u=shown.owner_id)


def policy(response: Any) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE, *ADMIN])
def test_every_page_has_the_strict_policy(
    rita_client: Client, mine: Conversation, path: str
) -> None:
    assert policy(rita_client.get(address(path, mine))) == POLICY


@pytest.mark.parametrize("path", ["/", "/c/{c}/", "/admin/", "/c/{c}/stop/"])
def test_redirects_and_refusals_have_it_too(client: Client, mine: Conversation, path: str) -> None:
    assert policy(client.get(address(path, mine))) == POLICY


def test_a_form_that_has_expired_has_it_too(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert response.status_code == 403
    assert policy(response) == POLICY


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE, *ADMIN])
def test_every_page_has_the_other_headers(
    rita_client: Client, mine: Conversation, path: str
) -> None:
    response = rita_client.get(address(path, mine))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PUBLIC[:-1], *PRIVATE[:4], *PRIVATE[6:], *ADMIN])
def test_no_page_needs_what_the_policy_forbids(
    rita_client: Client, client: Client, mine: Conversation, path: str
) -> None:
    reader = client if path in PUBLIC else rita_client
    page = parse(reader.get(address(path, mine)))
    assert inline(page) == []
    assert [url for url in addresses(page) if not is_local(url)] == []


@pytest.mark.parametrize("status", ["pending", "failed", "stopped", "interrupted", "complete"])
def test_no_message_needs_what_the_policy_forbids(
    rita_client: Client, mine: Conversation, status: str
) -> None:
    text = (
        "# Code\n\n```python\nprint(1)\n```\n\n| a | b |\n|:-:|--:|\n| 1 | $x^2$ |\n\n- [x] done\n"
    )
    mine.messages.filter(role="assistant").update(status=status, text=text, html_version=0)
    page = parse(rita_client.get(mine.get_absolute_url()))
    assert inline(page) == []


def test_a_part_of_a_page_is_as_strict(rita_client: Client, mine: Conversation) -> None:
    form = {"text": "Go on.", "token": "t"}
    page = parse(rita_client.post(f"/c/{mine.pk}/messages/", form, headers=HTMX))
    assert page.all("article")
    assert inline(page) == []


def inline(page: Page) -> list[str]:
    """Scripts, styles and handlers that stand in the page itself."""
    found = [
        element.tag
        for element in page.elements
        if (element.tag == "script" and is_code(element.attributes))
        or element.tag in {"style", "iframe", "object", "embed", "base", "applet"}
    ]
    for element in page.elements:
        for name, value in element.attributes.items():
            if (
                name.startswith(("on", "hx-on", "data-hx-on"))
                or name in {"style", "srcdoc"}
                or value.strip().lower().startswith(("javascript:", "js:", "data:"))
            ):
                found.append(f"{element.tag} {name}")
    return found


def is_code(attributes: Mapping[str, str]) -> bool:
    return not attributes.get("src") and attributes.get("type") != "application/json"


def addresses(page: Page) -> list[str]:
    return [
        element[name]
        for element in page.elements
        for name in ("href", "src", "action", "hx-get", "hx-post", "hx-sse:connect")
        if name in element.attributes
    ]


def is_local(url: str) -> bool:
    """Whether it stays on the site, whatever its base."""
    return not urlsplit(url).scheme and not url.startswith(("//", "\\"))


@pytest.mark.parametrize("path", [*PRIVATE[:6], *ADMIN])
def test_no_private_page_is_kept_by_a_cache(
    rita_client: Client, mine: Conversation, path: str
) -> None:
    control = rita_client.get(address(path, mine))["Cache-Control"]
    assert "no-store" in control
    assert "public" not in control


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client, alice: User) -> None:
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert session["httponly"]
    assert (session["samesite"], csrf["samesite"]) == ("Lax", "Lax")
    assert (session["domain"], csrf["domain"]) == ("", "")


def test_who_only_looks_at_the_sign_in_page_gets_no_session(client: Client, db: None) -> None:
    client.get("/accounts/login/")
    assert set(client.cookies) == {"csrftoken"}


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil"])
def test_another_hosts_name_is_refused(client: Client, host: str) -> None:
    response = client.get("/accounts/login/", headers={"Host": host})
    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/accounts/logout/", "/accounts/password/change/", "/c/{c}/"])
def test_pages_of_accounts_and_refusals_are_kept_by_no_cache(
    bob_client: Client, conversation: Conversation, path: str
) -> None:
    assert "no-store" in bob_client.get(path.format(c=conversation.pk)).headers.get(
        "Cache-Control", ""
    )
