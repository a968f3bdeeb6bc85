"""Exports of conversations with files."""

import base64
from typing import Any

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.attachments import storage
from conversations.models import Conversation, Message
from tests.attachments.factories import PNG, make_image, make_sent_file, make_text_file
from tests.review.exports.exporting import lines, turns


@pytest.fixture
def asked(alice: User, conversation: Conversation) -> Message:
    """A question of alice's, of which the reply is there."""
    return conversation.messages.earliest("pk")


def question(client: Client) -> Any:
    ((_system, asked, _reply),) = turns(client)
    return asked[1]


def test_pictures_are_in_a_line_for_fine_tuning(
    ada_client: Client, alice: User, asked: Message
) -> None:
    make_sent_file(asked, make_image(alice))
    picture, text = question(ada_client)
    assert text == {"type": "text", "text": "Hello"}
    url = picture["image_url"]["url"]
    assert base64.b64decode(url.removeprefix("data:image/png;base64,")) == PNG


def test_of_other_files_their_text_is(ada_client: Client, alice: User, asked: Message) -> None:
    make_sent_file(asked, make_text_file(alice, "Milk, bread", name="list.txt"))
    assert question(ada_client) == 'The file "list.txt":\n```\nMilk, bread\n```\n\nHello'


def test_a_picture_that_is_lost_is_named(ada_client: Client, alice: User, asked: Message) -> None:
    file = make_sent_file(asked, make_image(alice, name="cat.png"))
    storage.remove_content(file.content_key)
    assert "cat.png" in question(ada_client)


def test_files_are_named_with_everything_else(
    ada_client: Client, alice: User, asked: Message
) -> None:
    make_sent_file(asked, make_text_file(alice, name="list.txt"))
    (line,) = lines(ada_client, "whole")
    assert line["messages"][0]["files"][0]["name"] == "list.txt"
