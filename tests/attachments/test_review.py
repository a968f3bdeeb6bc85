"""Reviewers see the files of a conversation, and each look is noted down."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.attachments.models import Attachment
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry, Review, ReviewPolicy
from tests.attachments.factories import PNG, make_image, make_sent_file, make_text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(alice: User, conversation: Conversation) -> Attachment:
    file = make_sent_file(conversation.messages.earliest("pk"), make_image(alice))
    worker.process_outbox()
    return file


def address(file: Attachment, output: str = "") -> str:
    name = f"{output}/" if output else ""
    return f"/admin/review/review/{file.conversation_id}/files/{file.pk}/{name}"


def kinds() -> list[str]:
    return list(AccessEntry.objects.order_by("pk").values_list("kind", flat=True))


def test_the_transcript_shows_them(rita_client: Client, picture: Attachment) -> None:
    page = rita_client.get(f"/admin/review/review/{picture.conversation_id}/change/")
    assert f'src="{address(picture, "view")}"' in page.content.decode()
    assert b"".join(rita_client.get(address(picture, "view"))) == PNG


def test_what_a_transcript_shows_is_part_of_that_look(
    rita_client: Client, picture: Attachment
) -> None:
    rita_client.get(f"/admin/review/review/{picture.conversation_id}/change/")
    rita_client.get(address(picture, "view"))
    assert kinds() == ["transcript"]


def test_a_picture_opened_by_itself_is_noted_down(rita_client: Client, picture: Attachment) -> None:
    rita_client.get(address(picture, "view"))
    assert kinds() == ["file"]


def test_a_download_is_always_noted_down(rita_client: Client, picture: Attachment) -> None:
    rita_client.get(f"/admin/review/review/{picture.conversation_id}/change/")
    response = rita_client.get(address(picture))
    assert response["Content-Disposition"].startswith("attachment")
    assert kinds() == ["transcript", "file"]


def test_pictures_are_hidden_until_asked_for_where_the_policy_says_so(
    rita_client: Client, picture: Attachment
) -> None:
    ReviewPolicy.objects.create(pk=1, hides_pictures=True)
    page = rita_client.get(f"/admin/review/review/{picture.conversation_id}/change/")
    assert "Show the picture" in page.content.decode()


def test_a_file_of_another_conversation_is_not_there(
    alice: User, rita_client: Client, picture: Attachment
) -> None:
    other = Review.objects.exclude(pk=picture.conversation_id).first()
    assert other is None
    unsent = make_text_file(alice)
    unsent.conversation_id = picture.conversation_id
    assert rita_client.get(address(unsent, "view")).status_code == 404


def test_reviewers_do_not_find_them_at_the_owners_address(
    rita_client: Client, picture: Attachment
) -> None:
    assert rita_client.get(f"/files/{picture.pk}/view/").status_code == 404
