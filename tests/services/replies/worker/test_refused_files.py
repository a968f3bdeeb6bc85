"""Files that the service refuses: what it is sent instead, and what is remembered."""

from collections.abc import Callable

import pytest

from conversations.attachments.models import Attachment
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, OfflineModel
from conversations.status_messages import find_status_message
from tests.files import add_image, add_pdf, pad_png
from tests.pictures import make_png
from tests.services.replies.worker.asking import ask, sent, types
from tests.services.writing import write_reply

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)

WHOLE, TEXT = Attachment.SentAs.WHOLE, Attachment.SentAs.TEXT
REFUSED = "Body validation error."


@pytest.fixture
def refuse(model: OfflineModel) -> Callable[..., None]:
    def script(message: str = REFUSED, *, files: bool = False) -> None:
        model.forget()
        model.script(Fault(refuse_images=not files, refuse_files=files, message=message, times=9))

    return script


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
    assert Attachment.objects.get(pk=file.pk).sent_as == TEXT
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
    assert Attachment.objects.get(pk=file.pk).sent_as == WHOLE


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
    assert Attachment.objects.get().sent_as == WHOLE
