"""What conversations are called in the ZIP of everything of one user."""

import uuid

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation
from tests.services.export.archives import CREATED, downloaded, names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Où est la bibliothèque ?", "Où est la bibliothèque"),
        ("日本語の題名", "日本語の題名"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("../../etc/passwd", "etc passwd"),
        ("line\nbreak\x01\x1f", "line break"),
        ("\u202egnp.exe", "gnp.exe"),
        ("ends with dots... ", "ends with dots"),
        ("CON", "CON"),
        ("é" * 120, "é" * 60),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(alice: User, title: str, name: str) -> None:
    conversation = make_conversation(alice, title=title)
    Conversation.objects.update(created_at=CREATED)
    assert names(alice) == [f"2025-03-01 {name} {conversation.pk.hex[:8]}"]


@pytest.mark.parametrize("title", ["???", "", "\u200b"])
def test_a_title_without_letters_leaves_date_and_id(alice: User, title: str) -> None:
    conversation = make_conversation(alice, title=title)
    Conversation.objects.update(created_at=CREATED)
    assert names(alice) == [f"2025-03-01 {conversation.pk.hex[:8]}"]


def test_names_differ_also_where_case_does_not_count(alice: User) -> None:
    for number, title in enumerate(["Talk", "TALK", "talk"]):
        pk = uuid.UUID(f"12345678-0000-4000-8000-00000000000{number}")
        Conversation.objects.create(pk=pk, owner=alice, title=title, created_at=CREATED)
    assert len({name.casefold() for name in names(alice)}) == 3


def test_names_outside_of_ascii_say_that_they_are_utf_8(alice: User) -> None:
    make_conversation(alice, title="日本語")
    assert downloaded(alice).infolist()[-1].flag_bits & 0x800
