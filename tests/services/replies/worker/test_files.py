"""Replies to messages with files: what the model is sent of them."""

import base64
import logging

import pytest
from pytest_django import Settings

from conversations.attachments import storage
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, OfflineModel
from conversations.services import continuations
from conversations.status_messages import find_status_message
from tests.attachments.factories import PDF
from tests.factories import owner_of
from tests.files import add_image, add_pdf, add_text
from tests.pictures import make_png
from tests.s3_server import S3Server
from tests.services.replies.worker.asking import ask, sent, types
from tests.services.writing import regenerate, wait_until_saved, write_reply

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_model_gets_pictures_pdfs_and_texts(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message, content=make_png(40, 30))
    add_pdf(message)
    add_text(message)
    reply = write_reply(conversation)
    picture, pdf = (base64.b64encode(content).decode() for content in (make_png(40, 30), PDF))
    assert sent(model)[0] == [
        {
            "type": "image_url",
            "image_url": {"url": f"data:image/png;base64,{picture}", "detail": "auto"},
        },
        {
            "type": "file",
            "file": {
                "filename": "report.pdf",
                "file_data": f"data:application/pdf;base64,{pdf}",
            },
        },
        {"type": "text", "text": 'The file "notes.txt":\n```\nBuy milk.\n```\n\nHello'},
    ]
    assert "a picture of 40 × 30 pixels" in reply.text
    assert "the PDF “report.pdf”" in reply.text
    assert find_status_message(reply) is None


def test_they_are_sent_in_every_later_turn(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message)
    write_reply(conversation)
    ask(conversation, "And now?")
    write_reply(conversation)
    first, second = (request.body["messages"] for request in model.requests)
    assert second[: len(first)] == first


def test_another_reply_to_the_same_message_has_them_too(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message)
    reply = write_reply(conversation)
    wait_until_saved(regenerate(reply, instruction="shorter"))
    content = sent(model)[-1]
    assert types(content) == ["image_url", "text"]
    assert content[-1]["text"].startswith("Hello\n\n(Answer in about half")


def test_a_reply_that_is_continued_has_them_too(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message)
    model.script(Fault(text="One two", finish_reason="length"), Fault(text=" three."))
    reply = write_reply(conversation)
    continued = continuations.continue_reply(
        owner=owner_of(conversation), conversation_id=conversation.pk, message_id=reply.pk
    )
    assert wait_until_saved(continued).text == "One two three."
    assert types(model.requests[-1].body["messages"][1]["content"]) == ["image_url", "text"]


def test_files_count_where_the_service_counts_nothing(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message, tokens=2000)
    model.script(Fault(usage=False))
    reply = write_reply(conversation)
    assert reply.usage_estimated
    assert 2000 < (reply.prompt_tokens or 0) < 2020


def test_the_offline_model_counts_them_as_we_do(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    file = add_image(message, size=(1800, 2400), content=make_png(1800, 2400))
    reply = write_reply(conversation)
    assert file.tokens == 2352
    assert 2352 < (reply.prompt_tokens or 0) < 2370


def test_a_picture_whose_bytes_are_gone_is_named(
    conversation: Conversation,
    message: Message,
    model: OfflineModel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    gone = add_image(message)
    add_image(message, "dog.png", size=(32, 32))
    storage.remove_content(gone.content_key)
    with caplog.at_level(logging.ERROR):
        reply = write_reply(conversation)
    assert reply.finish_reason == "unseen_file"
    assert types(sent(model)[-1]) == ["text", "image_url", "text"]
    assert "a file can't be read" in caplog.text


def test_pictures_come_from_a_bucket(
    conversation: Conversation, message: Message, model: OfflineModel, bucket: S3Server
) -> None:
    add_image(message, content=make_png(40, 30))
    reply = write_reply(conversation)
    assert base64.b64encode(make_png(40, 30)).decode() in str(sent(model)[0])
    assert reply.status == "complete"


@pytest.mark.parametrize("fault", ["InternalError", "AccessDenied"])
def test_while_the_bucket_is_away_pictures_are_named(
    conversation: Conversation,
    message: Message,
    model: OfflineModel,
    bucket: S3Server,
    fault: str,
) -> None:
    add_image(message)
    bucket.fault = fault
    reply = write_reply(conversation)
    assert (reply.status, reply.finish_reason) == ("complete", "unseen_file")
    assert types(sent(model)[-1]) == ["text"]


def test_a_site_that_sends_text_alone_sends_no_picture(
    conversation: Conversation, message: Message, model: OfflineModel, settings: Settings
) -> None:
    settings.FILES_AS_TEXT = True
    add_image(message)
    add_pdf(message)
    reply = write_reply(conversation)
    assert [types(content) for content in sent(model)] == [["text"]]
    assert reply.finish_reason == "unseen_file"
