"""What is sent of a file: nothing that a browser would run, to its reader alone."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.attachments import storage
from conversations.attachments.models import Attachment
from conversations.models import Conversation
from tests.attachments.factories import PNG, make_file, make_image, make_text_file
from tests.s3_server import S3Server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_storage")]


@pytest.fixture
def picture(alice: User) -> Attachment:
    return make_image(alice, name="The cat “Tom”.png")


def test_a_picture_is_shown(alice_client: Client, picture: Attachment) -> None:
    response = alice_client.get(f"/files/{picture.pk}/view/")
    assert (response["Content-Type"], response["Content-Length"]) == ("image/png", str(len(PNG)))
    assert response["Content-Disposition"].startswith("inline")
    assert response.getvalue() == PNG


def test_a_browser_runs_nothing_of_it(alice_client: Client, picture: Attachment) -> None:
    response = alice_client.get(f"/files/{picture.pk}/view/")
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert response["X-Content-Type-Options"] == "nosniff"


def test_it_is_kept_for_its_reader_alone(alice_client: Client, picture: Attachment) -> None:
    cached = alice_client.get(f"/files/{picture.pk}/view/")["Cache-Control"]
    assert set(cached.split(", ")) == {"private", "max-age=2592000", "immutable"}


def test_what_the_browser_has_is_not_sent_again(alice_client: Client, picture: Attachment) -> None:
    etag = alice_client.get(f"/files/{picture.pk}/view/")["ETag"]
    response = alice_client.get(f"/files/{picture.pk}/view/", headers={"If-None-Match": etag})
    assert (response.status_code, response["ETag"]) == (304, etag)


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/pdf"])
def test_what_came_is_only_ever_saved(alice_client: Client, alice: User, media_type: str) -> None:
    file = make_file(
        alice,
        b"<script>alert(1)</script>",
        {storage.ORIGINAL: (media_type, b"<script>alert(1)</script>")},
        name="page.html",
        kind="document",
        media_type=media_type,
    )
    response = alice_client.get(f"/files/{file.pk}/download/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert alice_client.get(f"/files/{file.pk}/view/").status_code == 404


def test_a_name_of_any_script_is_the_name_of_what_is_saved(
    alice_client: Client, alice: User
) -> None:
    file = make_text_file(alice, name="Liste für 港.txt")
    assert (
        "filename*=utf-8''Liste%20f%C3%BCr%20%E6%B8%AF.txt"
        in (alice_client.get(f"/files/{file.pk}/download/")["Content-Disposition"])
    )


def test_a_file_that_is_lost_is_not_found(alice_client: Client, picture: Attachment) -> None:
    storage.remove_content(picture.content_key)
    assert alice_client.get(f"/files/{picture.pk}/view/").status_code == 404


def test_a_file_of_a_deleted_conversation_is_not_found(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    file = make_image(alice, conversation=conversation, message=conversation.messages.first())
    assert alice_client.get(f"/files/{file.pk}/view/").status_code == 200
    alice_client.post(f"/c/{conversation.pk}/delete/")
    assert alice_client.get(f"/files/{file.pk}/view/").status_code == 404


def test_while_the_bucket_is_away_it_says_so_and_nobody_keeps_that(
    alice_client: Client, alice: User, bucket: S3Server
) -> None:
    picture = make_image(alice)
    bucket.fault = "InternalError"
    response = alice_client.get(f"/files/{picture.pk}/view/")
    assert response.status_code == 503
    assert "can’t be read at the moment" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
