"""Messages whose files the model can't be sent are refused before they are saved."""

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from conversations.attachments import choosing
from conversations.attachments.alternatives import Choice
from conversations.attachments.models import Attachment
from conversations.content import FilesTooLongError, InvalidMessageError
from conversations.context_usage import measure_context
from conversations.models import Conversation, Message
from conversations.services import turns
from tests.factories import add_message, owner_of
from tests.files import add_image, add_pdf, add_text

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db


@pytest.fixture
def message(conversation: Conversation) -> Message:
    """One that lends its files."""
    return add_message(conversation, role="user", text="Look")


def waiting(file: Attachment) -> uuid.UUID:
    """Have a file wait to be sent."""
    file.message = file.conversation = None
    file.save()
    return file.pk


def send(conversation: Conversation, *files: uuid.UUID, text: str = "") -> turns.Turn:
    return turns.create_turn(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        text=text,
        token="a",
        files=files,
    )


def test_it_works(conversation: Conversation, message: Message) -> None:
    sent = send(conversation, waiting(add_image(message))).message
    assert sent.attachments.get().name == "cat.png"


def test_a_file_that_alone_is_too_long_is_named(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 2000
    files = [waiting(add_image(message)), waiting(add_text(message, "long.txt", tokens=3000))]
    with pytest.raises(InvalidMessageError, match=r"^“long.txt” is too long .* 3,0\d\d tokens"):
        send(conversation, *files)
    assert Attachment.objects.filter(message=None).count() == 2


@pytest.mark.parametrize(
    ("text", "is_offered"), [("Short.", True), ("", False), ("x" * 9000, False)]
)
def test_where_the_text_of_a_file_would_do_it_is_offered(
    conversation: Conversation,
    message: Message,
    settings: Settings,
    text: str,
    is_offered: bool,
) -> None:
    settings.CONTEXT_BUDGET = 2000
    file = add_pdf(message, text=text)
    with pytest.raises(FilesTooLongError) as refused:
        send(conversation, waiting(file))
    offered = [each.choice for each in refused.value.alternatives]
    assert offered == ([Choice("text", (file.pk,))] if is_offered else [])


def test_a_file_that_goes_as_text_needs_no_more_room_than_that(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 2000
    file = waiting(add_pdf(message))
    choosing.choose(owner=owner_of(conversation), choice=Choice("text", (file,)))
    assert send(conversation, file).message.file_count == 1


def test_files_that_are_too_long_together_are_refused(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 2000
    files = [waiting(add_image(message, f"{name}.png", tokens=1500)) for name in ("cat", "dog")]
    with pytest.raises(InvalidMessageError, match="too long together"):
        send(conversation, *files)


def test_a_text_may_leave_no_room_for_a_file(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 2000
    file = waiting(add_image(message, tokens=1500))
    with pytest.raises(InvalidMessageError, match="“cat"):
        send(conversation, file, text="x" * 4000)


def test_a_file_that_is_too_long_only_as_it_is_may_go_as_text(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 2000
    file = waiting(add_pdf(message, sent_as="text"))
    assert send(conversation, file).message.file_count == 1


def test_files_that_no_request_holds_are_refused(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    settings.MODEL_REQUEST_LIMIT = 1000
    file = waiting(add_image(message, content=bytes(900)))
    with pytest.raises(InvalidMessageError, match="too large together"):
        send(conversation, file)


def test_another_version_of_a_message_is_checked_with_its_files(
    conversation: Conversation, message: Message, settings: Settings
) -> None:
    add_image(message, size=(600, 600), tokens=1500)
    settings.CONTEXT_BUDGET = 2000
    with pytest.raises(FilesTooLongError, match="“cat") as refused:
        turns.edit_message(
            owner=owner_of(conversation),
            conversation_id=conversation.pk,
            message_id=message.pk,
            text="x" * 4000,
            token="a",
        )
    assert not refused.value.alternatives


def test_the_context_meter_counts_what_was_sent_since_the_last_reply(
    conversation: Conversation, message: Message, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_image(message, tokens=1500)
    messages = list(conversation.messages.all())
    messages[1].prompt_tokens = 100
    with django_assert_num_queries(1):
        usage = measure_context(messages, system_prompt="", budget=10_000)
    assert usage
    assert 1600 < usage.used < 1620
