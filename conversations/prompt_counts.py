"""Whether what a model counted of an earlier prompt tells what the next one takes."""

from dataclasses import dataclass
from typing import Self

from conversations.models import Conversation, Message


@dataclass(frozen=True)
class PromptCounts:
    """The counts that hold for a prompt: those of the model that it is sent to (None: of any), of
    replies from an id on (None: of all), since when its front is what it is.
    """

    model: str | None = None
    counted_from: int | None = None

    @classmethod
    def for_next(cls, conversation: Conversation) -> Self:
        return cls(conversation.model, conversation.counted_from)

    @classmethod
    def for_reply(cls, reply: Message) -> Self:
        conversation = reply.conversation
        return cls(reply.requested_model or conversation.model, conversation.counted_from)

    def has(self, message: Message) -> bool:
        """Return whether the tokens that a message has read are such a count. Of a reply that
        several requests have made, the sum is no prompt's.
        """
        return (
            bool(message.prompt_tokens)
            and not message.is_continued
            and (self.model is None or message.requested_model in (None, self.model))
            and (self.counted_from is None or message.pk >= self.counted_from)
        )


ALL_COUNTS = PromptCounts()
