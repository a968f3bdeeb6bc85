"""A queue that is fair by user."""

import threading

from chatsite.core.fair_queue import FairQueue

ALICE, BOB = 1, 2


def take(queue: FairQueue[str], seconds: float) -> str:
    """The next item, which takes so long."""
    entry = queue.get()
    assert entry
    user, item = entry
    queue.charge(user, seconds)
    return item


def filled(*items: tuple[int, str]) -> FairQueue[str]:
    queue = FairQueue[str]()
    for user, item in items:
        queue.put(user, item)
    return queue


def test_items_of_one_user_come_in_their_order() -> None:
    queue = filled((ALICE, "a"), (ALICE, "b"), (ALICE, "c"))
    assert [take(queue, 1) for _ in range(3)] == ["a", "b", "c"]


def test_users_take_turns() -> None:
    queue = filled((ALICE, "a1"), (ALICE, "a2"), (BOB, "b1"), (BOB, "b2"))
    assert [take(queue, 1) for _ in range(4)] == ["a1", "b1", "a2", "b2"]


def test_who_takes_long_waits_for_who_does_not() -> None:
    queue = filled((ALICE, "a1"), (ALICE, "a2"), *[(BOB, "b")] * 5)
    assert take(queue, 4.5) == "a1"
    assert [take(queue, 1) for _ in range(6)] == ["b", "b", "b", "b", "b", "a2"]


def test_nobody_saves_up_time() -> None:
    queue = filled(*((ALICE, f"a{number}") for number in range(12)))
    for _ in range(10):
        take(queue, 1)
    queue.put(BOB, "b1")
    queue.put(BOB, "b2")
    queue.put(BOB, "b3")
    assert [take(queue, 1) for _ in range(4)] == ["b1", "a10", "b2", "a11"]


def test_getting_waits_for_an_item() -> None:
    queue, got = FairQueue[str](), list[str]()
    thread = threading.Thread(target=lambda: got.append(take(queue, 1)))
    thread.start()
    queue.put(ALICE, "a")
    thread.join(30)
    assert got == ["a"]


def test_who_waits_for_a_queue_that_is_closed_gets_nothing() -> None:
    queue, got = FairQueue[str](), list[object]()
    thread = threading.Thread(target=lambda: got.append(queue.get()))
    thread.start()
    queue.close()
    thread.join(30)
    assert got == [None]
