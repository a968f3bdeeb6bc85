"""What the model is sent for one reply: the branch above it, read as fast as it can be."""

from dataclasses import replace

from django.conf import settings
from django.db.models import BigIntegerField, Field

from chatsite.core.prepared import PreparedQuery, Slot
from conversations import content, tree
from conversations.attachments.queries import load_files
from conversations.model_catalog.catalog import find_model
from conversations.models import Message
from conversations.parameters.effective import wants_json_word
from conversations.prompt_counts import PromptCounts
from conversations.services import history

# What is read of a message to send it again; its HTML is not.
REPLAYED = (
    "role",
    "parent_id",
    "text",
    "context_note",
    "file_count",
    "prompt_tokens",
    "completion_tokens",
    "usage_estimated",
    "requested_model",
    "base_length",
    "context_start",
)
# Most conversations are no longer than this, and are read at once.
LATEST = 50

BRANCH = PreparedQuery(
    lambda: tree.list_ancestors(
        Slot("end", BigIntegerField()),
        Slot("conversation", Field()),
        Slot("limit", BigIntegerField()),
    ).only(*REPLAYED)
)


def read_latest(reply: Message) -> list[Message]:
    """Return the last messages above a reply, with what is sent of them."""
    if reply.parent_id is None:
        return []
    conversation_id = tree.stored_id(reply.conversation_id)
    return BRANCH.fetch(end=reply.parent_id, conversation=conversation_id, limit=LATEST)


def replay_branch_above(message: Message) -> history.Replay:
    """The branch above a reply, as it is sent, and the reply itself if it is continued."""
    conversation = message.conversation
    first_id, messages = None, read_latest(message)
    if messages and messages[0].parent_id:
        # A long one. What was left out once stays left out, and need not be read again.
        first_id = tree.find_context_start(messages)
        whole = tree.list_branch(conversation, message.parent_id).only(*REPLAYED)
        messages = list(whole.filter(pk__gte=first_id or 0))
    load_files(messages, with_text=True)
    replay = history.replay(
        messages,
        system_prompt=conversation.system_prompt,
        budget=find_model(message.requested_model or conversation.model).context_budget,
        size_limit=settings.MODEL_REQUEST_LIMIT,
        counts=PromptCounts.for_reply(message),
    )
    sent = content.add_instruction(replay.messages, message.instruction)
    if wants_json_word(message.parameters) and not message.is_continued:
        sent = content.ask_for_json(sent)
    if message.is_continued:
        sent = content.add_partial_reply(sent, message.text[: message.base_length])
    return replace(replay, messages=sent, first_id=replay.first_id or first_id)
