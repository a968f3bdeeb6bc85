"""Batches of events, and what of one is processed in a transaction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from chatsite.jobs import attempts
from conversations.models import Message
from conversations.outbox.models import Change


@dataclass(frozen=True)
class AddedUsage:
    """What a request has added to what a message had taken before."""

    message: Message
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


@dataclass(frozen=True)
class MessageEnding:
    """How a message ended, at that moment: a reply may have been continued since."""

    message: Message
    kind: Change.Kind = Change.Kind.FINISHED
    status: str = ""
    model: str = ""

    @property
    def is_taken_back(self) -> bool:
        """Whether it isn't how the reply stands any more, as that is being continued."""
        return self.kind == Change.Kind.REOPENED


ENDING_KINDS = (Change.Kind.FINISHED, Change.Kind.REOPENED, Change.Kind.ENDED_AGAIN)


@dataclass(frozen=True)
class Batch:
    events: Sequence[Change]
    messages: dict[int, Message]
    # How often the process has died at it: such a change is alone in its batch.
    crashes: int = 0

    @property
    def is_set_aside(self) -> bool:
        return self.crashes >= attempts.LIMIT

    @property
    def is_dead_letter(self) -> bool:
        """Whether it crashed without its text, too: then it isn't tried again."""
        return self.crashes > attempts.LIMIT

    def list_messages(self, *kinds: Change.Kind) -> list[Message]:
        """Return those of events of these kinds that are still there, each once."""
        ids = (event.message_id for event in self.events if event.kind in kinds)
        return [self.messages[pk] for pk in dict.fromkeys(ids) if pk in self.messages]

    def list_texts(self) -> list[Message]:
        """Return the messages whose text is news."""
        kinds = (Change.Kind.FINISHED, Change.Kind.ENDED_AGAIN, Change.Kind.TEXT)
        return self.list_messages(*kinds)

    def list_endings(self) -> list[MessageEnding]:
        """Return how messages ended, and endings that are taken back, in order; of messages that
        are still there.
        """
        return [
            make_ending(event, self.messages[event.message_id])
            for event in self.events
            if event.kind in ENDING_KINDS and event.message_id in self.messages
        ]

    def list_with_usage(self) -> list[Message]:
        """Return the messages of which it became known what they took."""
        return self.list_messages(Change.Kind.USAGE)

    def list_added_usage(self) -> list[AddedUsage]:
        """Return what was used, of messages that are still there."""
        return [
            make_added_usage(event, self.messages[event.message_id])
            for event in self.events
            if event.kind == Change.Kind.USAGE and event.message_id in self.messages
        ]


def make_ending(event: Change, message: Message) -> MessageEnding:
    kind = Change.Kind(event.kind)
    told = event if event.status else message
    return MessageEnding(message, kind, told.status, told.model)


def make_added_usage(event: Change, message: Message) -> AddedUsage:
    """Of an event that a release before this one wrote down, all that the message has taken."""
    told = message if event.prompt_tokens is None else event
    return AddedUsage(
        message, told.prompt_tokens or 0, told.completion_tokens or 0, told.cost_usd or Decimal(0)
    )


@dataclass(frozen=True)
class TakenBatch(Batch):
    """Those events of a batch that this process has deleted: they are its own to process."""

    conversation_ids: set[uuid.UUID] = field(default_factory=set)

    def list_changed_conversation_ids(self) -> set[uuid.UUID]:
        kind = Change.Kind.CONVERSATION
        return {event.conversation_id for event in self.events if event.kind == kind}
