"""Who may open what: everyone gets what the table says, and a way back once signed in."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from pytest_django import DjangoDbBlocker

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from conversations.folders import Folder
from conversations.models import AssistantPicture, Conversation
from conversations.outbox import worker
from conversations.prompt_library.models import SavedPrompt
from conversations.review.models import Rule
from tests.access_table import (
    ASSISTANT,
    EVERYONE,
    FOLDER,
    PROMPT_ID,
    RULE,
    SENT_FILE,
    SESSION,
    SHARED_PROMPT_ID,
    TABLE,
    TITLE,
    UNSENT_FILE,
    Row,
)
from tests.attachments.factories import make_image, make_sent_file, make_text_file
from tests.conftest import signed_in, with_role
from tests.factories import add_message, make_assistant, make_conversation
from tests.views.html import HTMX

# The administration's own sign-in page leads on to ours; so does the page that changes passwords.
SIGN_IN = {"/accounts/login/", "/admin/login/", "/accounts/password/change/"}
# Pages of the chat; the administration and the accounts know nothing of htmx.
CHAT = [row for row in TABLE if row.statuses[0] in (302, 403) and not row.path.startswith("/a")]


OF_A_MODEL = re.compile(r"admin:(accounts|auth|conversations|jobs|review)_")


@pytest.fixture(scope="module")
def populated(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What all tests find: made once, as each test's changes are rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        populate()
        yield
        transaction.set_rollback(True)


def populate() -> None:
    alice = make_user("alice")
    make_user("bob")
    with_role("rita", Role.REVIEWER)
    with_role("ada", Role.ADMINISTRATOR)
    conversation = make_conversation(alice, "Hello", "Hello to you.")
    add_message(conversation, role="user", text="And?")
    add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    make_sent_file(conversation.messages.earliest("pk"), make_image(alice, pk=SENT_FILE))
    make_text_file(alice, pk=UNSENT_FILE)
    Rule.objects.create(pk=RULE, name="Weapons", kind="words", text="bomb")
    Folder.objects.create(pk=FOLDER, owner=alice, name="Play", folded_name="play")
    SavedPrompt.objects.create(pk=PROMPT_ID, owner=alice, name="greet", text="Say hello.")
    SavedPrompt.objects.create(
        pk=SHARED_PROMPT_ID, name="translate", text="Translate this.", is_for_all=True
    )
    assistant = make_assistant(alice, pk=ASSISTANT)
    AssistantPicture.objects.create(assistant=assistant, content=b"RIFF", digest="0")
    UserSession.objects.create(
        pk=SESSION, user=alice, ip="192.0.2.1", session_key="of another browser"
    )
    worker.process_outbox()


def make_user(name: str) -> User:
    return User.objects.create_user(name, f"{name}@example.com", "correct horse")


@pytest.fixture
def alice(populated: None, db: None) -> User:
    return User.objects.get(username="alice")


@pytest.fixture
def bob(populated: None, db: None) -> User:
    return User.objects.get(username="bob")


@pytest.fixture
def rita(populated: None, db: None) -> User:
    return User.objects.get(username="rita")


@pytest.fixture
def ada(populated: None, db: None) -> User:
    return User.objects.get(username="ada")


@pytest.fixture
def deactivated_client(db: None) -> Client:
    dan = make_user("dan")
    client = signed_in(dan)
    User.objects.filter(pk=dan.pk).update(is_active=False)
    return client


@pytest.fixture
def shown(populated: None, db: None) -> Conversation:
    return Conversation.objects.get()


def address(row: Row, shown: Conversation) -> str:
    group = Group.objects.get(name="user").pk
    return row.path.format(
        c=shown.pk,
        m=shown.leaf_id,
        u=shown.owner_id,
        s=SESSION,
        g=group,
        r=RULE,
        f=FOLDER,
        p=PROMPT_ID,
        ps=SHARED_PROMPT_ID,
        a=SENT_FILE,
        w=UNSENT_FILE,
        i=ASSISTANT,
    )


@pytest.mark.parametrize("row", TABLE, ids=str)
@pytest.mark.parametrize("who", EVERYONE)
def test_everyone_gets_what_the_table_says(
    request: pytest.FixtureRequest, shown: Conversation, row: Row, who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    response = client.generic(
        row.method,
        address(row, shown),
        "&".join(f"{name}={value}" for name, value in row.data),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == row.statuses[EVERYONE.index(who)]


@pytest.mark.parametrize("row", [row for row in TABLE if row.statuses[0] == 302], ids=str)
def test_who_is_signed_out_is_led_to_sign_in(client: Client, shown: Conversation, row: Row) -> None:
    location = client.generic(row.method, address(row, shown))["Location"]
    assert urlsplit(location).path in SIGN_IN


def test_the_table_has_every_url_of_the_site() -> None:
    example = {"c": FOLDER, "f": FOLDER, "m": 1, "u": 1, "s": 1, "g": 1, "r": 1}
    example |= {"a": SENT_FILE, "w": UNSENT_FILE, "p": 1, "ps": 1}
    example |= {"i": ASSISTANT}
    listed = {resolve(urlsplit(row.path.format(**example)).path).view_name for row in TABLE}
    assert set(names(get_resolver())) <= listed


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every view's name; of the administration, that of every page of a model of ours."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or pattern.pattern}"
            if not namespace.startswith("admin:") or OF_A_MODEL.match(name):
                yield name
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern, namespace + inner)


@pytest.mark.parametrize("who", ["bob_client", "rita_client"])
@pytest.mark.parametrize("row", [row for row in TABLE if "{c}" in row.path], ids=str)
def test_others_change_nothing(
    request: pytest.FixtureRequest, shown: Conversation, row: Row, who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    client.generic(row.method, address(row, shown), content_type="text/plain")
    assert list(Conversation.objects.values_list("title", "leaf")) == [("Greetings", shown.leaf_id)]
    assert shown.messages.count() == 4


def test_who_signs_in_comes_back_to_the_page(client: Client, shown: Conversation) -> None:
    response = client.get(f"/c/{shown.pk}/messages/?before=1")
    assert next_of(response["Location"]) == f"/c/{shown.pk}/messages/?before=1"


def test_who_signs_in_after_sending_a_form_comes_back_to_a_page(
    client: Client, shown: Conversation
) -> None:
    response = client.post(f"/c/{shown.pk}/rename/", dict(TITLE))
    assert next_of(response["Location"]) == "/"


@pytest.mark.parametrize("row", CHAT, ids=str)
def test_htmx_takes_the_whole_page_to_sign_in(
    client: Client, shown: Conversation, row: Row
) -> None:
    headers = HTMX | {"HX-Current-URL": f"http://testserver/c/{shown.pk}/"}
    response = client.generic(row.method, address(row, shown), headers=headers)
    assert response.status_code == 200
    assert urlsplit(response["HX-Redirect"]).path == "/accounts/login/"
    assert next_of(response["HX-Redirect"]) == f"/c/{shown.pk}/"
    assert response.content == b""


@pytest.mark.parametrize(
    ("current", "following"),
    [
        ("", "/"),
        ("http://testserver/c/1/?a=b", "/c/1/?a=b"),
        ("https://evil.example/path/", "/path/"),
        ("https://evil.example", "/"),
    ],
)
@pytest.mark.django_db
def test_the_way_back_is_never_another_site(client: Client, current: str, following: str) -> None:
    response = client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    assert next_of(response["HX-Redirect"]) == following


@pytest.mark.parametrize(
    "current", ["http://testserver//evil.example/", "http://testserver/\\\\evil.example/"]
)
def test_a_strange_way_back_leads_home(client: Client, alice: User, current: str) -> None:
    response = client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    form = {"login": "alice", "password": "correct horse"}
    location = client.post(response["HX-Redirect"], form)["Location"]
    assert not urlsplit(location).netloc
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def next_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["next"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "current", ["http://[", "http://[::1", "javascript:alert(1)", "about:blank"]
)
def test_an_address_that_is_none_leads_home(client: Client, current: str) -> None:
    response = client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    query = urlsplit(response["HX-Redirect"]).query
    assert parse_qs(query)["next"] == ["/"]
