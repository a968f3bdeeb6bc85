"""Conversations and messages for tests to work on."""

from typing import Any

from django.db.models import F

from chatsite.accounts.models import User
from conversations import rendering
from conversations.assistants.queries import forget_whether_any
from conversations.folders import Folder
from conversations.models import Assistant, Conversation, Message
from conversations.services import folders


def make_conversation(owner: User, *texts: str, title: str = "Greetings") -> Conversation:
    """A conversation whose messages alternate between its owner and complete replies."""
    conversation = Conversation.objects.create(
        owner=owner, title=title, system_prompt="Be brief.", model="test-model"
    )
    for index, text in enumerate(texts):
        role = Message.Role.ASSISTANT if index % 2 else Message.Role.USER
        conversation.leaf = add_message(conversation, role=role, text=text)
    conversation.save()
    return conversation


def make_folder(owner: User, name: str = "Work") -> Folder:
    return folders.create_folder(owner=owner, name=name)


def make_assistant(owner: User, name: str = "Fox", **fields: Any) -> Assistant:
    """One of its owner's, for nobody else; `pk` and its first version's fields."""
    pk = fields.pop("pk", None)
    assistant = Assistant.objects.create(owner=owner, **({"pk": pk} if pk else {}))
    assistant.latest = assistant.versions.create(number=1, name=name, **fields)
    assistant.save()
    forget_whether_any()
    return assistant


def make_long_conversation(owner: User, length: int) -> Conversation:
    """A conversation of so many messages, each below the one before; made in a few queries."""
    conversation = make_conversation(owner, "Message 0")
    extend_branch(conversation, length - 1)
    return conversation


def extend_branch(conversation: Conversation, length: int) -> None:
    """So many more messages at the end of the branch, each below the one before; in a few queries,
    and nothing else may be written meanwhile.
    """
    if not length:
        return
    end = conversation.leaf_id
    last = conversation.messages.latest("pk").pk
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            role=Message.Role.ASSISTANT if number % 2 else Message.Role.USER,
            text=f"Message {number}",
            **rendered(f"Message {number}"),
        )
        for number in range(1, length + 1)
    )
    added = conversation.messages.filter(pk__gt=last)
    added.update(parent_id=F("pk") - 1)
    conversation.messages.filter(pk=added.earliest("pk").pk).update(parent_id=end)
    conversation.leaf = conversation.messages.latest("pk")
    conversation.save()


def owner_of(conversation: Conversation) -> User:
    assert conversation.owner
    return conversation.owner


def add_message(conversation: Conversation, **fields: object) -> Message:
    """A message at the end of the branch; the conversation is not saved."""
    usual = {"parent_id": conversation.leaf_id, "model": "test-model"}
    running = fields.get("status") in Message.RUNNING
    html = {} if running else rendered(str(fields.get("text", "")))
    conversation.leaf = conversation.messages.create(**(usual | html | fields))
    return conversation.leaf


def rendered(text: str) -> dict[str, Any]:
    """The fields that cache a text's HTML."""
    return {"html": rendering.render(text, prefix="m"), "html_version": rendering.VERSION}


def add_pending_reply(conversation: Conversation, **fields: Any) -> Message:
    """A reply that nothing has begun to write."""
    pending: dict[str, Any] = {"role": Message.Role.ASSISTANT, "status": Message.Status.PENDING}
    reply = add_message(conversation, **pending, **fields)
    conversation.save()
    return reply


def add_failed_reply(conversation: Conversation) -> Message:
    """A reply that may be tried again, to another message."""
    add_message(conversation, role=Message.Role.USER, text="Go on.")
    reply = add_message(
        conversation,
        role=Message.Role.ASSISTANT,
        status=Message.Status.FAILED,
        error_code="throttled",
    )
    conversation.save()
    return reply
