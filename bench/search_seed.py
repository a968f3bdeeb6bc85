"""Somebody with very many conversations among those of others, made straight in the site's
database: `manage.py shell` runs this.

The rows of the search index are written beside the messages and their indexes made at the end:
through the outbox a million would take an hour.
"""

import json
import random
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import starmap
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from bench.seed import session_of
from chatsite.accounts.models import User
from conversations.demo_data.making import save_messages
from conversations.demo_data.texts import TextWriter
from conversations.management.commands.make_demo_data import text_indexes_made_later
from conversations.models import TITLE_LENGTH, Conversation, Message
from conversations.review import triggers
from conversations.search.fields import to_word
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.normalizing import normalize_text
from conversations.search.owners import (
    NOBODY,
    compute_owner_gram,
    make_indexed_values,
    make_owner_mark,
    read_normalized,
)
from conversations.search.sqlite_indexes import INDEXED
from conversations.tree import stored_id

# Messages of a conversation, and conversations in a transaction.
LENGTH, PIECE = 20, 1_000
# So many texts are written, and used again and again.
TEXTS = 50_000
OTHERS = 1_000
# One conversation of so many is the searcher's.
SHARE = 5
# Said by others in every second message, and by the searcher never.
OF_OTHERS = "zeppelin"

__all__ = ["fill"]

# Of a message or a conversation; and a row of the index, with whose it is and its text.
type Key = int | uuid.UUID
type Row = list[Any]


def fill(messages: int, *, is_old: bool = False) -> None:
    """Makes so many messages and prints the sessions of who has a fifth of them, and of who has
    one conversation. `is_old`: the index is as it was before it knew owners.
    """
    names = ("finder", "newcomer", *(f"other{number}" for number in range(OTHERS)))
    finder, newcomer, *others = User.objects.bulk_create(
        User(username=name, email=f"{name}@example.com", password="!") for name in names
    )
    count = messages // LENGTH
    owners = [finder if n % SHARE == 0 else others[n % OTHERS] for n in range(count)]
    owners[-2] = newcomer
    with indexes_made_later():
        maker = Maker(random.Random(1), finder, make_old_row if is_old else make_row)
        for start in range(0, count, PIECE):
            maker.save(owners[start : start + PIECE])
    print(json.dumps({"finder": session_of(finder), "newcomer": session_of(newcomer)}))


@contextmanager
def indexes_made_later() -> Iterator[None]:
    """Nothing follows what is written, and indexes of texts are made once it is there."""
    is_sqlite = connection.vendor == "sqlite"
    triggers.remove_triggers(triggers.CHANGES | (triggers.FOLLOWING if is_sqlite else {}))
    with text_indexes_made_later(sys.stderr.write):
        yield
    with connection.cursor() as cursor:
        for _key, indexes in INDEXED.values() if is_sqlite else ():
            for index in indexes:
                cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608
        cursor.execute("ANALYZE" if is_sqlite else "VACUUM ANALYZE")
    triggers.install_triggers()


class Maker:
    def __init__(
        self, chance: random.Random, finder: User, make_row: Callable[[Key, str, int], Row]
    ) -> None:
        self._chance = chance
        self._finder = finder
        self._make_row = make_row
        writer = TextWriter(chance)
        self._texts = [writer.question() if n % 2 else writer.reply() for n in range(TEXTS)]
        self._of_others = [f"{text} {OF_OTHERS}" for text in self._texts[: TEXTS // 2]]
        self._moment = timezone.now() - timedelta(days=365)
        self._next_id = 1

    @transaction.atomic
    def save(self, owners: Sequence[User]) -> None:
        conversations = [self._make_conversation(owner) for owner in owners]
        messages = [each for one in conversations for each in self._make_messages(one)]
        Conversation.objects.bulk_create(conversations)
        save_messages(messages)
        texts = ((each.pk, each.text, each.conversation.owner_id) for each in messages)
        save_rows(MessageDocument, "message_id", starmap(self._make_row, texts))
        titles = ((one.pk, one.title, one.owner_id) for one in conversations)
        save_rows(TitleDocument, "conversation_id", starmap(self._make_row, titles))

    def _make_conversation(self, owner: User) -> Conversation:
        self._moment += timedelta(minutes=10)
        return Conversation(
            owner=owner,
            title=self._chance.choice(self._texts)[:TITLE_LENGTH],
            model="offline",
            created_at=self._moment,
            last_activity_at=self._moment,
        )

    def _make_messages(self, conversation: Conversation) -> Iterator[Message]:
        is_finder = conversation.owner_id == self._finder.pk
        for number in range(LENGTH):
            is_of_others = not is_finder and self._chance.random() < 0.5
            yield Message(
                pk=self._next_id,
                conversation=conversation,
                parent_id=conversation.leaf_id,
                role=Message.Role.ASSISTANT if number % 2 else Message.Role.USER,
                text=self._chance.choice(self._of_others if is_of_others else self._texts),
                created_at=conversation.created_at,
            )
            conversation.leaf_id = self._next_id
            self._next_id += 1


@cache
def analyze_text(text: str) -> tuple[str, str | list[int]]:
    """What `make_indexed_values` makes of a text but for its owner; most of the time goes here."""
    values = make_indexed_values(normalize_text(text), None)
    grams = values["grams"] - {compute_owner_gram(NOBODY)}
    is_array = connection.vendor == "postgresql"
    folded = read_normalized(values["folded"], values["owner_id"])
    return folded, list(grams) if is_array else " ".join(map(to_word, grams))


def save_rows(model: type[Model], key: str, rows: Iterable[Row]) -> None:
    table, names = model._meta.db_table, f"{key}, owner_id, folded, grams"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s, %s)",  # noqa: S608
            list(rows),
        )


def make_row(key: Key, text: str, owner_id: int) -> Row:
    folded, grams = analyze_text(text)
    gram = compute_owner_gram(owner_id)
    if isinstance(grams, str):
        folded += make_owner_mark(owner_id)
        return [stored_key(key), owner_id, folded, f"{grams} {to_word(gram)}"]
    return [stored_key(key), owner_id, folded, [*grams, gram]]


def make_old_row(key: Key, text: str, _owner_id: int) -> Row:
    return [stored_key(key), None, *analyze_text(text)]


def stored_key(key: Key) -> Any:
    return key if isinstance(key, int) else stored_id(key)
