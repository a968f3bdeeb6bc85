"""Who may send a body while others are sending theirs."""

import pytest

from chatsite.server import body_slots
from chatsite.server.body_slots import BodySlot, BodySlots, BodySlotsFullError

ALICE, BOB = 1, 2


def ignore() -> None:
    """For a body that never has to give way."""


@pytest.fixture
def slots() -> BodySlots:
    """Eight in all: two for those who aren't signed in, one for each user."""
    return BodySlots(8)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every body has had its second."""
    monkeypatch.setattr(body_slots, "PROTECTED_AGE", 0.0)


def test_anonymous_bodies_have_a_quarter(slots: BodySlots) -> None:
    for _ in range(2):
        slots.acquire(None, ignore)
    with pytest.raises(BodySlotsFullError):
        slots.acquire(None, ignore)


def test_those_who_are_signed_in_have_room_beside_them(slots: BodySlots) -> None:
    for _ in range(2):
        slots.acquire(None, ignore)
    assert slots.acquire(ALICE, ignore)


def test_one_user_has_an_eighth(slots: BodySlots) -> None:
    slots.acquire(ALICE, ignore)
    with pytest.raises(BodySlotsFullError):
        slots.acquire(ALICE, ignore)
    assert slots.acquire(BOB, ignore)


def test_there_are_no_more_than_all(slots: BodySlots) -> None:
    for user_id in range(8):
        slots.acquire(user_id, ignore)
    with pytest.raises(BodySlotsFullError):
        slots.acquire(8, ignore)


def test_a_slot_that_was_released_is_free(slots: BodySlots) -> None:
    slots.acquire(ALICE, ignore).release()
    assert slots.acquire(ALICE, ignore)


@pytest.mark.usefixtures("impatient")
def test_the_slowest_gives_way(slots: BodySlots) -> None:
    interrupted: list[str] = []
    fast = slots.acquire(None, lambda: interrupted.append("fast"))
    slots.acquire(None, lambda: interrupted.append("slow"))
    fast.received = 1000
    slots.acquire(None, ignore)
    assert interrupted == ["slow"]


@pytest.mark.usefixtures("impatient")
def test_a_body_that_was_done_in_the_meantime_gives_way_too(slots: BodySlots) -> None:
    def fail() -> None:
        raise OSError("not connected")

    first: BodySlot = slots.acquire(ALICE, fail)
    assert slots.acquire(ALICE, ignore)
    assert first.gave_way
