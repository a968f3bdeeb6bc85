"""Replies to messages with files: what the model is sent, and what becomes of what it refuses."""

import base64
import logging
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from conversations.attachments import storage
from conversations.attachments.models import Attachment
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, OfflineModel
from conversations.services import continuations
from conversations.status_messages import find_status_message
from tests.factories import add_message, owner_of
from tests.files import PDF, add_image, add_pdf, add_text, pad_png
from tests.pictures import make_png
from tests.services.writing import regenerate, wait_until_saved, write_reply

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = "Body validation error."
NO_IMAGES = Fault(refuse_images=True, times=9)


@pytest.fixture
def message(conversation: Conversation) -> Message:
    return conversation.messages.get()


@pytest.fixture
def refuse(model: OfflineModel) -> Callable[..., None]:
    def script(message: str = REFUSED, *, files: bool = False) -> None:
        model.forget()
        model.script(Fault(refuse_images=not files, refuse_files=files, message=message, times=9))

    return script


def sent(model: OfflineModel) -> list[Any]:
    """The content of each entry of each request but the system prompt, the newest last."""
    return [request.body["messages"][-1]["content"] for request in model.requests]


def types(content: Any) -> list[str]:
    return ["text"] if isinstance(content, str) else [part["type"] for part in content]


def ask(conversation: Conversation, text: str) -> Message:
    message = add_message(conversation, role="user", text=text)
    conversation.save()
    return message


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


# Refused


@pytest.mark.parametrize("sentence", [REFUSED, "This model does not support image input."])
def test_a_refused_picture_is_named_instead_and_its_user_told(
    conversation: Conversation,
    message: Message,
    refuse: Callable[..., None],
    sentence: str,
    model: OfflineModel,
) -> None:
    add_image(message)
    refuse(sentence)
    reply = write_reply(conversation)
    assert [types(content) for content in sent(model)] == [["image_url", "text"], ["text"]]
    assert 'The picture "cat.png" was attached here' in sent(model)[-1]
    assert (reply.status, reply.finish_reason) == ("complete", "unseen_file")
    said = find_status_message(reply)
    assert said
    assert "couldn’t see" in said.sentence


def test_a_refused_pdf_is_sent_as_its_text(
    conversation: Conversation, message: Message, refuse: Callable[..., None], model: OfflineModel
) -> None:
    add_pdf(message, text="All is well.")
    refuse(files=True)
    reply = write_reply(conversation)
    assert "All is well." in sent(model)[-1]
    assert find_status_message(reply) is None


def test_only_what_is_refused_is_sent_as_text(
    conversation: Conversation, message: Message, refuse: Callable[..., None], model: OfflineModel
) -> None:
    add_image(message)
    add_pdf(message)
    refuse("This model does not support image input.")
    write_reply(conversation)
    assert types(sent(model)[-1]) == ["text", "file", "text"]


def test_a_picture_that_is_refused_for_itself_is_not_sent_again(
    conversation: Conversation, message: Message, refuse: Callable[..., None], model: OfflineModel
) -> None:
    file = add_image(message)
    refuse("Invalid image: it can’t be decoded.")
    write_reply(conversation)
    assert Attachment.objects.get(pk=file.pk).is_text_only
    model.forget()
    add_image(ask(conversation, "And this?"), "dog.png", size=(32, 32))
    write_reply(conversation)
    assert types(model.requests[0].body["messages"][1]["content"]) == ["text"]
    assert types(sent(model)[0]) == ["image_url", "text"]


def test_a_service_that_says_that_it_takes_none_is_not_asked_again(
    conversation: Conversation, message: Message, refuse: Callable[..., None], model: OfflineModel
) -> None:
    file = add_image(message)
    refuse("This model does not support image input.")
    write_reply(conversation)
    add_image(ask(conversation, "And this?"), "dog.png", size=(32, 32))
    reply = write_reply(conversation)
    assert len(model.requests) == 3
    assert types(sent(model)[-1]) == ["text"]
    assert reply.finish_reason == "unseen_file"
    assert not Attachment.objects.get(pk=file.pk).is_text_only


def test_a_service_that_says_nothing_is_asked_twice(
    conversation: Conversation, message: Message, refuse: Callable[..., None], model: OfflineModel
) -> None:
    refuse()
    for name in ("cat.png", "dog.png", "cow.png"):
        add_image(message, name, content=pad_png(make_png(30, 30), len(model.requests)))
        write_reply(conversation)
        message = ask(conversation, "And this?")
    assert len(model.requests) == 5


def test_a_service_that_has_taken_pictures_goes_on_getting_them(
    conversation: Conversation, message: Message, refuse: Callable[..., None], model: OfflineModel
) -> None:
    add_image(message)
    write_reply(conversation)
    for number in range(3):
        refuse()
        add_image(ask(conversation, "?"), f"{number}.png", content=make_png(9 + number, 9))
        write_reply(conversation)
    model.forget()
    add_image(ask(conversation, "And this?"), "dog.png", content=make_png(99, 9))
    write_reply(conversation)
    assert types(sent(model)[0]) == ["image_url", "text"]


def test_a_text_that_is_too_long_is_no_refusal(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message)
    model.script(Fault(status=400, message="This model's maximum context length is 1 tokens."))
    assert write_reply(conversation).error_code == "too_long"
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (413, ""),
        (422, "Input should be a valid string"),
        (404, "No endpoints found that support image input"),
        (500, "image input is not supported - hint: you may need to provide the mmproj"),
    ],
)
def test_services_refuse_in_many_ways(
    conversation: Conversation, message: Message, model: OfflineModel, status: int, said: str
) -> None:
    add_image(message)
    model.script(Fault(status=status, message=said), Fault(text="Yes."))
    assert write_reply(conversation).text == "Yes."


def test_what_fails_for_another_reason_fails(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message)
    model.script(Fault(status=500))
    assert write_reply(conversation).error_code == "upstream"
    assert len(model.requests) == 1


def test_what_is_refused_as_text_as_well_fails(
    conversation: Conversation, message: Message, model: OfflineModel
) -> None:
    add_image(message)
    model.script(Fault(status=400, times=2))
    assert write_reply(conversation).error_code == "bad_request"
    assert not Attachment.objects.get().is_text_only


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


def test_a_site_that_sends_text_alone_sends_no_picture(
    conversation: Conversation, message: Message, model: OfflineModel, settings: Settings
) -> None:
    settings.FILES_AS_TEXT = True
    add_image(message)
    add_pdf(message)
    reply = write_reply(conversation)
    assert [types(content) for content in sent(model)] == [["text"]]
    assert reply.finish_reason == "unseen_file"
