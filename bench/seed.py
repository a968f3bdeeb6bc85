"""People and conversations, made straight in the site's database: `manage.py shell` runs this."""

import functools
import itertools
import json
import sys
import textwrap
from pydoc_data.topics import topics

from django.db import transaction
from django.db.models import F
from django.test import Client

from chatsite.accounts.models import User
from conversations import rendering
from conversations.models import Conversation, Message

REPLY_LENGTH = 900  # characters, about 200 tokens
QUESTION = "What does Python's documentation say about this?"

__all__ = ["people"]


def people(count: int, conversations: int, messages: int) -> None:
    """Prints them as JSON, in the fields of `bench.stage.Person`."""
    with transaction.atomic():
        json.dump([person(conversations, messages) for _ in range(count)], sys.stdout)


def person(conversations: int, messages: int) -> dict[str, object]:
    number = User.objects.count()
    user = User.objects.create(username=f"user{number}", email=f"user{number}@example.com")
    client = Client()
    client.force_login(user)
    return {
        "session": client.cookies["sessionid"].value,
        "conversations": [str(conversation(user, messages).pk) for _ in range(conversations)],
    }


def conversation(owner: User, length: int) -> Conversation:
    """Questions and replies in turn, `length` messages in all."""
    made = Conversation.objects.create(owner=owner, title=QUESTION, model="offline")
    written = itertools.cycle(replies())
    messages = [
        Message(conversation=made, role=Message.Role.USER, text=QUESTION)
        if number % 2 == 0
        else reply(made, *next(written))
        for number in range(length)
    ]
    ids = [message.pk for message in Message.objects.bulk_create(messages)]
    # Made in one statement by the only writer, so their ids follow each other.
    made.messages.exclude(pk=ids[0]).update(parent_id=F("pk") - 1)
    made.leaf_id = ids[-1]
    made.save(update_fields=["leaf"])
    return made


def reply(conversation: Conversation, text: str, html: str) -> Message:
    return Message(
        conversation=conversation,
        role=Message.Role.ASSISTANT,
        text=text,
        html=html,
        html_version=rendering.VERSION,
        model="offline",
        prompt_tokens=100,
        completion_tokens=200,
    )


@functools.cache
def replies() -> list[tuple[str, str]]:
    """Texts that differ, so that pages compress as real ones do: Python's own documentation."""
    texts = [textwrap.dedent(topic)[:REPLY_LENGTH] for _, topic in sorted(topics.items())]
    return [(text, str(rendering.render(text, prefix="m"))) for text in texts]
