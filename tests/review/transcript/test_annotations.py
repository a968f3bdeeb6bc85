"""Labels, flags by hand, and notes."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.review.models import Flag, Label, Labelling, Note, Review
from tests.factories import make_conversation
from tests.review.pages import url
from tests.views.html import parse


def test_labels_are_chosen_and_added(rita_client: Client, review: Review) -> None:
    old, kept = Label.objects.create(name="Old"), Label.objects.create(name="Kept")
    Labelling.objects.create(conversation=review.conversation, label=old)
    form = {"version": 0, "labels": [kept.pk], "new": "  Brand   new "}
    rita_client.post(url(review, "labels"), form)
    names = Labelling.objects.values_list("label__name", flat=True).order_by("label__name")
    assert list(names) == ["Brand new", "Kept"]


def test_there_is_one_label_of_a_name(rita_client: Client, review: Review) -> None:
    Label.objects.create(name="Legal")
    rita_client.post(url(review, "labels"), {"version": 0, "new": "LEGAL"})
    assert Labelling.objects.get().label.name == "Legal"


def test_who_may_not_add_labels_chooses_from_those_that_there_are(
    rita_client: Client, rita: User, review: Review
) -> None:
    group = rita.groups.get()
    group.permissions.remove(group.permissions.get(codename="add_label"))
    assert parse(rita_client.get(url(review))).all("input", name="new") == []
    rita_client.post(url(review, "labels"), {"version": 0, "new": "Mine"})
    assert not Label.objects.exists()


@pytest.mark.parametrize("form", [{"new": "x" * 41}, {"new": "a\x00"}, {"labels": "x"}])
def test_what_is_no_label_is_refused_with_a_sentence(
    rita_client: Client, review: Review, form: dict[str, str]
) -> None:
    response = rita_client.post(url(review, "labels"), {"version": 0} | form)
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()


def test_it_is_flagged_once_and_put_into_the_queue(
    rita_client: Client, rita: User, review: Review
) -> None:
    for version in range(2):
        rita_client.post(url(review, "flag"), {"version": version, "flag": "on"})
    assert Flag.objects.get().reviewer == rita
    review.refresh_from_db()
    assert (review.state, review.flag_count) == ("waiting", 1)


def test_the_flag_is_removed(rita_client: Client, review: Review) -> None:
    rita_client.post(url(review, "flag"), {"version": 0, "flag": "on"})
    rita_client.post(url(review, "flag"), {"version": 1, "flag": "off"})
    review.refresh_from_db()
    assert (Flag.objects.count(), review.flag_count) == (0, 0)


def test_notes_are_added_to_the_conversation_and_to_a_message(
    rita_client: Client, rita: User, review: Review
) -> None:
    message = review.conversation.leaf_id
    rita_client.post(url(review, "notes"), {"text": "On it all."})
    response = rita_client.post(url(review, "notes"), {"text": "Here.", "message": message})
    assert response["Location"].endswith(f"#m{message}")
    notes = Note.objects.values_list("text", "message", "author")
    assert list(notes) == [("On it all.", None, rita.pk), ("Here.", message, rita.pk)]


def test_a_note_that_is_too_long_is_kept_to_be_shortened(
    rita_client: Client, review: Review
) -> None:
    form = {"text": "x" * 4001, "message": review.conversation.leaf_id}
    response = rita_client.post(url(review, "notes"), form)
    assert response.status_code == 422
    assert [each.text for each in parse(response).all("textarea") if each.text] == ["x" * 4001]


def test_a_note_goes_on_messages_of_its_conversation_alone(
    rita_client: Client, review: Review, bob: User
) -> None:
    other = make_conversation(bob, "Hello")
    for message in (other.leaf_id, 0, "x", "9" * 30):
        form = {"text": "Here.", "message": message}
        assert rita_client.post(url(review, "notes"), form).status_code == 404
    assert not Note.objects.exists()


def test_ones_own_notes_are_deleted_and_no_others(
    rita_client: Client, rhea_client: Client, review: Review
) -> None:
    rhea_client.post(url(review, "notes"), {"text": "Mine."})
    delete = url(review, f"notes/{Note.objects.get().pk}/delete")
    assert rita_client.post(delete).status_code == 404
    assert rhea_client.post(delete).status_code == 302
    assert not Note.objects.exists()
