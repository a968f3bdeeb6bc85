"""People and conversations, made straight in the site's database: `manage.py shell` runs this."""

import functools
import hashlib
import itertools
import json
import random
import re
import sys
import textwrap
import uuid
from pydoc_data.topics import topics

from django.db import transaction
from django.db.models import F
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations import rendering
from conversations.attachments import storage
from conversations.demo_data.texts import RARE_SYLLABLES
from conversations.models import Attachment, Conversation, Message

REPLY_LENGTH = 900  # characters, about 200 tokens
# Four syllables that nobody has heard together.
MADE_UP = re.compile(f"(?:{'|'.join(RARE_SYLLABLES)}){{4}}")
QUESTION = "What does Python's documentation say about this?"

__all__ = ["conversation_count", "people", "pictures", "reviewer"]


def people(count: int, conversations: int, messages: int) -> None:
    """Prints them as JSON, in the fields of `bench.stage.Person`."""
    with transaction.atomic():
        json.dump([person(conversations, messages) for _ in range(count)], sys.stdout)


def conversation_count() -> None:
    print(Conversation.objects.count())


def reviewer() -> None:
    """Prints somebody who reviews, some of the latest conversations, and a word of theirs that is
    said nowhere else but by chance.
    """
    user, _created = User.objects.get_or_create(username="reviewer")
    set_role(user, Role.REVIEWER)
    latest = list(Conversation.objects.order_by("-last_activity_at")[:20])
    texts = Message.objects.filter(conversation__in=latest).values_list("text", flat=True)
    rare = next(filter(MADE_UP.fullmatch, " ".join(texts).split()))
    told = {
        "session": session_of(user),
        "conversations": [str(each.pk) for each in latest],
        "rare": rare,
    }
    print(json.dumps(told))


def pictures(conversations: list[str], count: int, size: int) -> None:
    """Gives the first message of each conversation so many pictures of that size; all have the same
    bytes.
    """
    keys = [hashlib.sha256(bytes([number])).hexdigest() for number in range(count)]
    for key in keys:
        storage.write_content(key, {"view": random.randbytes(size)})
    chosen = map(uuid.UUID, conversations)
    messages = Message.objects.filter(conversation__in=chosen, parent=None)
    for message in messages.select_related("conversation"):
        Attachment.objects.bulk_create(
            Attachment(
                owner_id=message.conversation.owner_id,
                conversation_id=message.conversation_id,
                message=message,
                position=position,
                name=f"{position}.jpeg",
                size=size,
                received=size,
                content_key=key,
                kind=Attachment.Kind.IMAGE,
                media_type="image/jpeg",
                outputs={"view": ["image/jpeg", size]},
                stored_size=size,
                tokens=2488,
            )
            for position, key in enumerate(keys)
        )
    messages.update(file_count=count)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def person(conversations: int, messages: int) -> dict[str, object]:
    number = User.objects.count()
    user = User.objects.create(username=f"user{number}", email=f"user{number}@example.com")
    return {
        "session": session_of(user),
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
