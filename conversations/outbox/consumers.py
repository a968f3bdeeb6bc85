"""What follows from events: consumers, which the apps register, and chores of the same thread.

Each consumer is made anew for a batch. Its methods but the first are called in the transaction that
deletes the events, so what it saves there counts once. All consumers take each step before any
takes the next, in the order in which they were registered: that is the order of locks.
"""

from collections.abc import Callable

from conversations.outbox.batches import Batch, TakenBatch


class Consumer:
    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def read_texts(self) -> None:
        """Do what takes time, before anything is locked. Left out where the process died of it."""

    def lock_rows(self, taken: TakenBatch) -> None:
        """Lock what has to be locked before anything is saved by anybody."""

    def save_results(self, taken: TakenBatch) -> None:
        """Save what follows from the events."""

    def finish_batch(self, taken: TakenBatch) -> None:
        """Save what needs the results of all consumers."""


# Does one step of its work; says whether there is more of it to do at once.
type Chore = Callable[[], bool | None]

_consumer_classes: list[type[Consumer]] = []
_chore_factories: list[Callable[[], Chore]] = []


def register_consumer(consumer_class: type[Consumer]) -> None:
    """For apps; in their `ready()`."""
    _consumer_classes.append(consumer_class)


def register_chore(make_chore: Callable[[], Chore]) -> None:
    """For apps; in their `ready()`. Chores are made with the thread that does them."""
    _chore_factories.append(make_chore)


def make_consumers(batch: Batch) -> list[Consumer]:
    return [consumer_class(batch) for consumer_class in _consumer_classes]


def make_chores() -> list[Chore]:
    return [make_chore() for make_chore in _chore_factories]
