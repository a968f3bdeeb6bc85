"""Made-up users, conversations and messages, written to the database in large pieces.

What review makes of them comes as it always does, from the changes that triggers note down.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from conversations.demo_data.texts import TextWriter
from conversations.instructions.composing import compose_parts
from conversations.instructions.parts import PromptParts
from conversations.models import TITLE_LENGTH, Conversation, Feedback, Message
from conversations.review import review_rows as reviews
from conversations.review.stats import services as stats

PREFIX = "demo-"
PERIOD = timedelta(days=365)
MODELS = ("openai/gpt-4.1-mini-2025-04-14", "openai/gpt-4.1-nano-2025-04-14")
REASONS = ["", *Feedback.Reason.values]

# Of a hundred replies so many fail or are stopped; of a thousand so many get feedback.
FAILED, STOPPED = 2, 2
JUDGED = 20


@dataclass(frozen=True)
class DemoBatch:
    conversations: Sequence[Conversation]
    messages: Sequence[Message]
    feedback: Sequence[Feedback]


def make_users(count: int) -> list[User]:
    """Users of the role of that name, who can't sign in."""
    made = User.objects.filter(username__startswith=PREFIX).values_list("username", flat=True)
    numbers = (name.removeprefix(PREFIX) for name in made)
    first = max((int(number) + 1 for number in numbers if number.isdecimal()), default=0)
    users = User.objects.bulk_create(
        User(username=f"{PREFIX}{number:05}", name=f"Demo {number}", password="!")  # noqa: S106
        for number in range(first, first + count)
    )
    Group.objects.get(name=Role.USER.value).user_set.add(*users)
    return users


class Maker:
    """Makes conversations in pieces; the same from the same seed, up to their ids."""

    def __init__(self, users: Sequence[User], *, seed: int) -> None:
        self._users = users
        self._chance = random.Random(seed)  # noqa: S311 - nothing is guarded by it
        self._writer = TextWriter(self._chance)
        self._now = timezone.now()
        # How many conversations there will be, and how many have begun.
        self._conversations = self._begun = 0
        self._parts: dict[int, PromptParts] = {}

    def pieces(self, conversations: int, messages: int, size: int) -> Iterator[DemoBatch]:
        """Saved one after another, each in a transaction of its own."""
        self._conversations, self._begun = conversations, 0
        lengths: list[int] = []
        for length in self._lengths(conversations, messages):
            lengths.append(length)
            if sum(lengths) >= size:
                yield self._save(lengths)
                lengths = []
        if lengths:
            yield self._save(lengths)

    def _lengths(self, conversations: int, messages: int) -> Iterator[int]:
        """Most are short, few are long; in all as many messages as asked for."""
        for left in range(conversations - 1, 0, -1):
            drawn = int(self._chance.gammavariate(2, messages / (left + 1) / 2))
            # An even number of two or more, which leaves as much to each that follows.
            length = min(max(2, drawn // 2 * 2), messages - 2 * left)
            messages -= length
            yield length
        yield messages

    @transaction.atomic
    def _save(self, lengths: Sequence[int]) -> DemoBatch:
        first = reserved_ids(sum(lengths))
        conversations: list[Conversation] = []
        messages: list[Message] = []
        feedback: list[Feedback] = []
        for length in lengths:
            conversation = self._conversation()
            made = list(self._messages(conversation, length, first))
            first += length
            conversation.last_activity_at = made[-1].created_at
            conversations.append(conversation)
            messages += made
            feedback += self._feedback(conversation, made)
        Conversation.objects.bulk_create(conversations)
        save_messages(messages)
        Feedback.objects.bulk_create(feedback)
        return DemoBatch(conversations, messages, feedback)

    def _conversation(self) -> Conversation:
        # One after another, more and more as time goes on.
        self._begun += 1
        ago = PERIOD * (1 - self._begun / self._conversations) ** 1.5
        begun = self._now - ago - timedelta(days=1) * self._chance.random()
        owner = self._chance.choice(self._users)
        parts = self._compose_parts(owner)
        return Conversation(
            owner=owner,
            title=self._writer.question()[:TITLE_LENGTH],
            system_prompt=parts.compose(),
            prompt_parts=parts.to_stored(),
            model=self._chance.choices(MODELS, weights=(9, 1))[0],
            created_at=begun,
        )

    def _compose_parts(self, owner: User) -> PromptParts:
        """What the model is told in their chats, which is the same in each."""
        if owner.pk not in self._parts:
            self._parts[owner.pk] = compose_parts(owner, settings.SYSTEM_PROMPT)
        return self._parts[owner.pk]

    def _messages(self, conversation: Conversation, length: int, first: int) -> Iterator[Message]:
        """Questions and replies in turn."""
        moment, parent = conversation.created_at, None
        for number in range(length):
            pk = first + number
            moment += timedelta(seconds=self._chance.expovariate(1 / 90))
            moment = min(moment, self._now)
            message = (
                self._reply(conversation, moment)
                if number % 2
                else Message(role=Message.Role.USER, text=self._writer.question())
            )
            message.pk, message.conversation, message.parent_id = pk, conversation, parent
            message.created_at = moment
            parent = pk
            yield message
        conversation.leaf_id = parent

    def _reply(self, conversation: Conversation, moment: datetime) -> Message:
        chance = self._chance
        wait = timedelta(seconds=chance.lognormvariate(-0.7, 0.5))
        reply = Message(
            role=Message.Role.ASSISTANT,
            model=conversation.model,
            started_at=moment,
            finished_at=moment + wait,
        )
        drawn = chance.randrange(100)
        if drawn < FAILED:
            reply.status, reply.error_code = Message.Status.FAILED, "throttled"
            return reply
        reply.status = Message.Status.STOPPED if drawn < FAILED + STOPPED else reply.status
        reply.text = self._writer.reply()
        reply.first_token_at = moment + wait
        reply.finished_at = moment + wait + timedelta(milliseconds=5 * len(reply.text))
        reply.finish_reason = "stop"
        reply.prompt_tokens = chance.randint(50, 4000)
        reply.completion_tokens = len(reply.text) // 4 + 1
        reply.cost_usd = Decimal(4 * reply.prompt_tokens + 16 * reply.completion_tokens) / 10**7
        return reply

    def _feedback(
        self, conversation: Conversation, messages: Sequence[Message]
    ) -> Iterator[Feedback]:
        for message in messages:
            if message.is_user or not message.text or self._chance.randrange(1000) >= JUDGED:
                continue
            is_good = self._chance.random() < 0.7
            yield Feedback(
                message=message,
                conversation=conversation,
                rating=Feedback.Rating.UP if is_good else Feedback.Rating.DOWN,
                reason="" if is_good else self._chance.choice(REASONS),
                created_at=message.created_at,
            )


def reserved_ids(count: int) -> int:
    """The first of so many ids of messages that nobody else gets."""
    if connection.vendor != "postgresql":
        # This transaction is the only one that writes.
        return (Message.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    sequence = "pg_get_serial_sequence('conversations_message', 'id')"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demo data'))")
        cursor.execute(f"SELECT nextval({sequence})")
        first = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT setval({sequence}, %s)", [first + count])
    return first


def save_messages(messages: Sequence[Message]) -> None:
    if connection.vendor != "postgresql":
        Message.objects.bulk_create(messages)
        return
    names = ", ".join(f'"{field.column}"' for field in Message._meta.fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY conversations_message ({names}) FROM STDIN") as copy,
    ):
        for message in messages:
            copy.write_row([getattr(message, field.attname) for field in Message._meta.fields])


def take_account_of(piece: DemoBatch) -> None:
    """Of the feedback, which isn't given one by one here."""
    messages = {message.pk: message for message in piece.messages}
    bad = set()
    for feedback in piece.feedback:
        message = messages[feedback.message_id]
        stats.count_feedback(message, before="", after=feedback.rating)
        if feedback.rating == Feedback.Rating.DOWN:
            bad.add(feedback.conversation_id)
    reviews.refresh_rows(bad)
    reviews.enqueue_conversations(bad)
