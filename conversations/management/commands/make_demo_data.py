"""`manage.py make_demo_data`: fills a site with made-up users and conversations."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from conversations.demo_data.making import Maker, make_users, take_account_of
from conversations.outbox import worker

# Messages written at a time: enough to be fast, few enough for little memory.
PIECE = 4_000
# From so many messages on, PostgreSQL's indexes over texts are sooner made anew than added to.
MANY = 100_000


TEXT_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename LIKE 'review\\_%' AND indexdef LIKE '%USING gin%'
"""


def count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("give a number of 1 or more")
    return number


@contextmanager
def text_indexes_made_later(say: Callable[[str], object]) -> Iterator[None]:
    """Searches read everything meanwhile."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(TEXT_INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        try:
            yield
        finally:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for name, definition in indexes:
                say(f"Making the index {name} …")
                cursor.execute(definition)


class Command(BaseCommand):
    help = (
        "Add made-up users and conversations to the database, to try review with. They can't be "
        "told from others afterwards but by their names (demo-…): use a database of their own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=count, default=20)
        parser.add_argument("--conversations", type=count, default=500)
        parser.add_argument(
            "--messages", type=count, default=5_000, help="in all; at least two a conversation"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed makes the same texts"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        conversations, messages = options["conversations"], options["messages"]
        if messages < 2 * conversations:
            raise CommandError(
                "A conversation has at least two messages: "
                f"give --messages {2 * conversations} or more."
            )
        started = time.monotonic()
        with text_indexes_made_later(self.stdout.write) if messages >= MANY else nullcontext():
            made = self.make(started, conversations, messages, options)
        self.stdout.write(
            f"\n{options['users']:,} users, {conversations:,} conversations, {made:,} messages "
            f"in {time.monotonic() - started:.0f} s."
        )

    def make(
        self, started: float, conversations: int, messages: int, options: dict[str, Any]
    ) -> int:
        """How many messages."""
        made = 0
        maker = Maker(make_users(options["users"]), seed=options["seed"])
        for piece in maker.pieces(conversations, messages, PIECE):
            worker.process_outbox(PIECE)
            take_account_of(piece)
            made += len(piece.messages)
            self.show(made, messages, time.monotonic() - started)
        return made

    def show(self, made: int, messages: int, seconds: float) -> None:
        """On a terminal one line that counts; elsewhere a line now and then."""
        line = f"{made:,} of about {messages:,} messages, {made / seconds:,.0f} a second"
        if self.stdout.isatty():
            self.stdout.write(f"\r{line}", ending="")
            self.stdout.flush()
        elif made % (25 * PIECE) < PIECE:
            self.stdout.write(line)
