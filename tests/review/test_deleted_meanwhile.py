"""A conversation is deleted at the instant at which something is said of it: whoever says it finds
a page that is no longer there, not an error.
"""

from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback
from conversations.review.models import Flag, Judgement, Label, Labelling, Note, Review
from conversations.services import conversations
from tests.conftest import signed_in
from tests.core.crossing import amid, on_postgresql
from tests.review.pages import url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    on_postgresql,
]


def amid_deletion[T](conversation: Conversation, act: Callable[[], T]) -> T:
    return amid(lambda: conversations.delete_conversation(conversation=conversation), act)


@pytest.fixture
def label(transactional_db: None) -> Label:
    return Label.objects.create(name="Sample")


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("judge", {"version": "0", "verdict": ""}),
        ("assign", {"version": "0", "assignee": "{rita}"}),
        ("labels", {"version": "0", "labels": "{label}", "new": "Another"}),
        ("flag", {"version": "0", "flag": "on"}),
        ("flag", {"version": "0", "flag": "off"}),
        ("notes", {"text": "Hm."}),
        ("notes", {"text": "Hm.", "message": "{message}"}),
    ],
)
def test_who_says_something_of_it_finds_it_gone(
    review: Review, label: Label, rita: User, form: str, data: dict[str, str]
) -> None:
    ids = {"rita": rita.pk, "label": label.pk, "message": review.conversation.leaf_id}
    sent = {name: value.format(**ids) for name, value in data.items()}
    client = signed_in(rita)

    def send() -> HttpResponseBase:
        return client.post(url(review, form), sent)

    assert amid_deletion(review.conversation, send).status_code == 404
    for model in (Note, Flag, Labelling, Judgement):
        assert not model.objects.exists()


@pytest.mark.parametrize("action", ["reviewed", "waiting", "assign:rita", "label:{label}"])
def test_who_has_chosen_it_is_told(review: Review, label: Label, rita: User, action: str) -> None:
    client = signed_in(rita)
    sent = {"action": action.format(label=label.pk), "chosen": f"{review.pk}:0"}

    def send() -> HttpResponseBase:
        return client.post("/admin/review/review/bulk/", sent)

    assert amid_deletion(review.conversation, send).status_code == 302
    assert "Greetings" in told(client)


def told(client: Client) -> str:
    return client.get("/admin/review/review/").content.decode()


def test_its_owner_rates_a_reply_that_is_no_more(conversation: Conversation, alice: User) -> None:
    client = signed_in(alice)
    path = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/feedback/"

    def send() -> HttpResponseBase:
        return client.post(path, {"rating": "down"})

    assert amid_deletion(conversation, send).status_code == 404
    assert not Feedback.objects.exists()
