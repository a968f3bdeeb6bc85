"""Legal holds: put, kept whatever the owner does, released."""

import io
import re
import zipfile
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry, Hold, Review
from conversations.review.retention import holds
from conversations.review.retention.holds import HoldRefusedError
from conversations.services import conversations, deletion
from tests.factories import make_conversation
from tests.review.pages import links, url
from tests.review.retention.conftest import REASON
from tests.services.writing import at_once
from tests.views.html import parse

# Placing


def test_a_hold_knows_whose_it_is(held: Conversation, ada: User) -> None:
    hold = Hold.objects.get()
    assert held.is_held
    assert (hold.reason, hold.placed_by) == (REASON, ada)
    assert (hold.owner_username, hold.owner_email) == ("alice", "alice@example.com")


@pytest.mark.parametrize("reason", ["", " \n", "\x00", "x" * 501])
def test_it_needs_a_reason(talk: Conversation, ada: User, reason: str) -> None:
    with pytest.raises(HoldRefusedError, match=r"why|500"):
        holds.put_hold(conversation=talk, reason=reason, by=ada)
    assert not Hold.objects.exists()


def test_it_is_placed_once(held: Conversation, ada: User) -> None:
    with pytest.raises(HoldRefusedError, match="already"):
        holds.put_hold(conversation=held, reason="Another", by=ada)
    assert Hold.objects.get().reason == REASON


def test_what_is_gone_can_not_be_held(talk: Conversation, ada: User) -> None:
    conversations.delete_conversation(conversation=Conversation.objects.get())
    with pytest.raises(HoldRefusedError, match="deleted meanwhile"):
        holds.put_hold(conversation=talk, reason=REASON, by=ada)


def test_placing_is_logged(ada_client: Client, ada: User, alice: User, talk: Conversation) -> None:
    ada_client.post(url(talk, "hold"), {"hold_reason": REASON})
    entry = AccessEntry.objects.get()
    assert (entry.kind, entry.actor, entry.subject) == ("hold", ada.pseudonym, alice.pseudonym)
    assert entry.conversation == talk.pk


def test_a_refusal_is_said_and_not_logged(ada_client: Client, talk: Conversation) -> None:
    response = ada_client.post(url(talk, "hold"), {"hold_reason": " "})
    assert response.status_code == 422
    assert "Say why it is held" in parse(response).text
    assert not AccessEntry.objects.exclude(kind="list").exists()


@pytest.mark.parametrize("what", ["hold", "release"])
def test_a_reviewer_may_neither_place_nor_release(
    rita_client: Client, held: Conversation, what: str
) -> None:
    assert rita_client.get(url(held, what)).status_code == 403
    assert rita_client.post(url(held, what), {"hold_reason": "Mine"}).status_code == 403
    assert Hold.objects.get().reason == REASON


@pytest.mark.django_db(transaction=True)
def test_held_or_gone_when_both_come_at_once(ada: User, alice: User) -> None:
    talks = [make_conversation(alice, "Hello", "Hi") for _ in range(8)]
    for talk in talks:
        at_once(
            partial(holds.put_hold, conversation=talk, reason=REASON, by=ada),
            partial(
                conversations.delete_conversation, conversation=Conversation.objects.get(pk=talk.pk)
            ),
        )
    left = Conversation.objects.all()
    assert all(each.is_held and each.owner is None for each in left)
    assert Hold.objects.count() == left.count()


# What its owner deletes


def test_it_vanishes_for_its_owner(alice_client: Client, alice: User, held: Conversation) -> None:
    assert alice_client.post(f"/c/{held.pk}/delete/").status_code == 302
    assert alice_client.get(f"/c/{held.pk}/").status_code == 404
    assert "Greetings" not in alice_client.get("/").content.decode()
    assert "0 conversations" in parse(alice_client.get("/accounts/data/")).text
    deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
    assert Conversation.objects.get().owner is None


def test_its_owner_is_told_nothing(alice_client: Client, held: Conversation) -> None:
    archive = zipfile.ZipFile(io.BytesIO(alice_client.post("/accounts/data/download/").getvalue()))
    told = [archive.read(name).decode() for name in archive.namelist()]
    told += [alice_client.get(page).content.decode() for page in ("/", "/accounts/data/")]
    assert any("Hello to you." in text for text in told)
    assert not [text for text in told if re.search(r"\bhold\b|\bheld\b|is_held", text)]


def test_its_review_keeps_whose_it_was(alice: User, held: Conversation) -> None:
    conversations.delete_conversation(conversation=held)
    worker.process_outbox()
    erase_user(user=alice)
    worker.process_outbox()
    assert Review.objects.get().person == alice.pseudonym


def test_the_former_owner_is_named_to_who_may_see_users(
    ada_client: Client, held: Conversation
) -> None:
    conversations.delete_conversation(conversation=held)
    text = parse(ada_client.get(url(held, "hold"))).text
    assert "Its owner has deleted it" in text
    assert "alice@example.com" in text


def test_the_list_of_holds_leads_to_each(ada_client: Client, held: Conversation) -> None:
    page = parse(ada_client.get("/admin/review/hold/"))
    assert page.one("a", href=url(held, "change")).text == "Greetings"
    assert page.all("a", href=url(held, "release"))
    assert "alice" in page.text


def test_the_list_tells_no_names_to_who_may_see_holds_alone(
    rita_client: Client, rita: User, alice: User, held: Conversation
) -> None:
    permit(rita, "view_hold")
    conversations.delete_conversation(conversation=held)
    text = parse(rita_client.get("/admin/review/hold/")).text
    assert f"User {alice.pseudonym}, who has deleted it" in text
    assert "alice" not in text.replace(alice.pseudonym, "")


def test_nor_does_the_hold_itself(rita_client: Client, rita: User, held: Conversation) -> None:
    permit(rita, "view_hold", "add_hold")
    conversations.delete_conversation(conversation=held)
    text = parse(rita_client.get(url(held, "hold"))).text
    assert REASON in text
    assert "alice" not in text


@pytest.mark.parametrize("field", ["owner_username", "owner_name", "owner_email"])
def test_nor_does_what_is_left_when_one_asks_by_it(
    rita_client: Client, rita: User, held: Conversation, field: str
) -> None:
    permit(rita, "view_hold")
    answer = rita_client.get("/admin/review/hold/", {f"{field}__startswith": "a"})
    assert answer.status_code == 400


def test_there_is_no_form_of_a_hold(ada_client: Client, held: Conversation) -> None:
    hold = Hold.objects.get()
    assert ada_client.get(f"/admin/review/hold/{hold.pk}/change/").status_code == 404


def permit(user: User, *names: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))


# Releasing


def test_released_it_is_its_owners_as_before(ada_client: Client, held: Conversation) -> None:
    page = parse(ada_client.get(url(held, "release")))
    assert "stays with its owner" in page.text
    assert ada_client.post(url(held, "release")).status_code == 302
    assert not Hold.objects.exists()
    assert not Conversation.objects.get().is_held
    assert AccessEntry.objects.exclude(kind="list").get().kind == "release"


def test_what_its_owner_has_deleted_is_erased(ada_client: Client, held: Conversation) -> None:
    conversations.delete_conversation(conversation=held)
    page = parse(ada_client.get(url(held, "release")))
    assert "erases it for good" in page.text
    response = ada_client.post(url(held, "release"))
    assert response["Location"] == "/admin/review/hold/"
    assert not Conversation.objects.exists()


def test_what_is_not_held_is_not_released(ada_client: Client, talk: Conversation) -> None:
    response = ada_client.post(url(talk, "release"))
    assert response.status_code == 409
    assert "Nothing was changed" in parse(response).text
    assert not AccessEntry.objects.exclude(kind="list").exists()


@pytest.mark.django_db(transaction=True)
def test_released_while_its_owner_deletes_it_nothing_is_left(ada: User, alice: User) -> None:
    for _ in range(5):
        talk = make_conversation(alice, "Hello", "Hi")
        holds.put_hold(conversation=talk, reason=REASON, by=ada)
        at_once(
            partial(holds.release_hold, conversation=Conversation.objects.get(pk=talk.pk)),
            partial(
                conversations.delete_conversation, conversation=Conversation.objects.get(pk=talk.pk)
            ),
        )
    assert not Conversation.objects.exists()
    assert not Hold.objects.exists()


# What its owner deletes of it


@pytest.fixture
def part(held: Conversation) -> Conversation:
    """The reply, which alice deleted."""
    assert held.leaf
    assert held.owner
    part = deletion.delete_from_message(
        owner=held.owner, conversation_id=held.pk, message_id=held.leaf.pk
    )
    worker.process_outbox()
    deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
    return part


def test_a_part_leads_to_the_conversation_that_it_is_from(
    ada_client: Client, held: Conversation, part: Conversation
) -> None:
    page = parse(ada_client.get(url(part)))
    assert "Its user deleted these messages from another conversation." in page.text
    assert links(page, "Show that one") == [url(held)]


def test_a_conversation_leads_to_what_was_deleted_from_it(
    ada_client: Client, held: Conversation, part: Conversation
) -> None:
    assert links(parse(ada_client.get(url(held))), "Show 1 message") == [url(part)]


def test_the_queue_says_of_a_part_which_conversation_it_is_from(
    ada_client: Client, held: Conversation, part: Conversation
) -> None:
    page = parse(ada_client.get("/admin/review/review/"))
    assert links(page, "from this conversation") == [url(held)]


def test_who_may_not_see_holds_is_told_nothing_of_what_was_deleted(
    rita_client: Client, held: Conversation, part: Conversation
) -> None:
    text = parse(rita_client.get(url(held))).text
    assert "deleted" not in text
    assert rita_client.get(url(part)).status_code == 404
    assert "from this conversation" not in parse(rita_client.get("/admin/review/review/")).text


def test_a_part_whose_conversation_is_gone_says_so(
    ada_client: Client, held: Conversation, part: Conversation
) -> None:
    Hold.objects.filter(conversation=held).delete()
    Conversation.objects.filter(pk=held.pk).delete()
    page = parse(ada_client.get(url(part)))
    assert "which isn’t there any more" in page.text
    assert not links(page, "Show that one")
