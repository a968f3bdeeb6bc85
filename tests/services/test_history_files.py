"""Files in the `messages` array: in which form, in which order, and the same in every turn."""

import json
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from conversations.attachments.queries import load_files
from conversations.content import count_sent_tokens, estimate_tokens
from conversations.model_api import ImagePart
from conversations.model_api.request_body import encode_request
from conversations.models import Conversation, Message
from conversations.services.history import Replay, replay
from tests.factories import add_message
from tests.files import add_image, add_pdf, add_text

pytestmark = pytest.mark.django_db

type Ask = Callable[..., Message]


@pytest.fixture
def ask(conversation: Conversation) -> Ask:
    def add(text: str, reply: str = "") -> Message:
        message = add_message(conversation, role="user", text=text)
        if reply:
            add_message(conversation, role="assistant", text=reply)
        return message

    return add


def replayed(conversation: Conversation, *, budget: int = 100_000, limit: int = 10**8) -> Replay:
    messages = list(conversation.messages.all())
    load_files(messages, with_text=True)
    return replay(messages, system_prompt="Be brief.", budget=budget, size_limit=limit)


def wire(array: Replay) -> list[str]:
    """Each entry as it is sent."""
    pieces = encode_request({"messages": array.messages}).open(lambda: None)
    body = json.loads(pieces if isinstance(pieces, bytes) else b"".join(pieces))
    return [json.dumps(entry) for entry in body["messages"]]


def test_files_come_before_the_text_in_their_order(conversation: Conversation, ask: Ask) -> None:
    message = ask("What’s this?")
    add_pdf(message)
    add_text(message)
    add_image(message)
    types = [part["type"] for part in json.loads(wire(replayed(conversation))[-1])["content"]]
    assert types == ["file", "text", "image_url", "text"]


def test_text_files_alone_are_plain_text(conversation: Conversation, ask: Ask) -> None:
    add_text(ask("What’s this?"), "a.txt", "One.")
    assert replayed(conversation).messages[-1]["content"] == (
        'The file "a.txt":\n```\nOne.\n```\n\nWhat’s this?'
    )


def test_a_message_may_have_files_alone(conversation: Conversation, ask: Ask) -> None:
    add_image(ask(""))
    content = replayed(conversation).messages[-1]["content"]
    assert [type(part) for part in content] == [ImagePart]


def test_neighbours_are_joined_with_their_files(conversation: Conversation, ask: Ask) -> None:
    add_image(ask("Who is it?"))
    add_image(ask("And here?"), "dog.png", size=(32, 32))
    content = json.loads(wire(replayed(conversation))[-1])["content"]
    assert [part.get("text", "picture") for part in content] == [
        *("picture", "Who is it?", "picture", "And here?")
    ]


def test_what_was_sent_once_is_sent_the_same_in_every_later_turn(
    conversation: Conversation, ask: Ask
) -> None:
    message = ask("What’s this?", "A cat.")
    add_image(message)
    add_pdf(message)
    add_pdf(message, "long.pdf", pages=9, sent_pages=2, sent_pages_tokens=5000)
    add_image(message, "small.png", size=(100, 100), sent_as="low")
    add_text(ask("And this?", "A list."))
    before = wire(replayed(conversation))
    add_image(ask("And that?"), "dog.png", size=(32, 32))
    assert wire(replayed(conversation))[: len(before)] == before


def test_files_of_all_messages_are_read_in_one_query(
    conversation: Conversation, ask: Ask, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        add_image(ask("What’s this?", "A cat."))
    messages = list(conversation.messages.all())
    with django_assert_num_queries(1):
        load_files(messages, with_text=True)
        replay(messages, system_prompt="", budget=100_000)


def test_a_conversation_without_files_reads_none(
    conversation: Conversation, ask: Ask, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    messages = [*conversation.messages.all(), ask("Hello")]
    with django_assert_num_queries(0):
        load_files(messages, with_text=True)
        replay(messages, system_prompt="", budget=100_000)


def test_files_count_where_the_oldest_turns_are_left_out(
    conversation: Conversation, ask: Ask
) -> None:
    add_image(ask("What’s this?", "A cat."), tokens=2000)
    add_image(last := ask("And this?"), "dog.png", tokens=2000)
    assert replayed(conversation, budget=3000).first_id == last.pk
    assert replayed(conversation, budget=5000).first_id is None


def test_the_estimate_of_what_is_sent_counts_files(conversation: Conversation, ask: Ask) -> None:
    add_image(ask("What’s this?"), tokens=2000)
    sent = replayed(conversation).messages[-1]
    assert count_sent_tokens(sent) == 2000 + estimate_tokens("What’s this?")


def test_the_oldest_pictures_give_way_to_the_largest_request(
    conversation: Conversation, ask: Ask
) -> None:
    for number in range(3):
        message = ask("What’s this?", "A cat.")
        add_image(message, f"{number}.png", content=bytes([number]) * 3000)
    sent = wire(replayed(conversation, limit=10_000))
    assert ["image_url" in entry for entry in sent if '"user"' in entry][1:] == [False, False, True]


def test_a_file_that_is_sent_as_text_is_unseen_in_the_newest_message_alone(
    conversation: Conversation, ask: Ask
) -> None:
    add_image(ask("What’s this?"), sent_as="text")
    assert replayed(conversation).has_unseen_file
    add_message(conversation, role="assistant", text="A cat.")
    ask("Why?")
    assert not replayed(conversation).has_unseen_file
