"""A conversation in the ZIP of everything of one user, to be read."""

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation, owner_of
from tests.files import add_image, add_text
from tests.services.export.archives import add_sibling, names, the_transcript


def test_a_transcript_is_to_be_read(conversation: Conversation) -> None:
    text = the_transcript(owner_of(conversation))
    assert text.startswith("# Greetings\n\nBegun 1 March 2025, 23:30")
    assert "## Instructions\n\nBe brief.\n\n## You, " in text
    assert text.index("\n\nHello\n\n") < text.index("## test-model, ")
    assert text.endswith("\n\nHello to you.\n\n")


def test_a_transcript_names_the_files(conversation: Conversation) -> None:
    message = conversation.messages.earliest("pk")
    add_image(message, "my_cat[1].png", content=bytes(2048))
    add_text(message)
    named = "- my\\_cat\\[1\\].png (Image, 2.0\xa0KB)\n- notes.txt (Text, 9\xa0bytes)\n\nHello\n"
    assert named in the_transcript(owner_of(conversation))


def test_a_transcript_has_the_shown_branch(conversation: Conversation) -> None:
    add_sibling(conversation, "A second try.")
    text = the_transcript(owner_of(conversation))
    assert "A second try." in text
    assert "Hello to you." not in text


def test_a_transcript_says_how_a_reply_ended(conversation: Conversation) -> None:
    conversation.messages.filter(role="assistant").update(status="stopped")
    assert "\n\n*This reply was stopped.*\n\n" in the_transcript(owner_of(conversation))


def test_times_are_the_readers_own(conversation: Conversation) -> None:
    User.objects.update(time_zone="Pacific/Kiritimati")
    alice = User.objects.get()
    assert "2 March 2025, 13:30" in the_transcript(alice)
    assert names(alice)[0].startswith("2025-03-02 ")


CODE = "```python\nprint('# no heading')\n```"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Look:\n\n{CODE}\n\nDone.", f"Look:\n\n{CODE}\n\nDone.\n\n"),
        ("~~~~\n```\n~~~~", "~~~~\n```\n~~~~\n\n"),
        ("```python\nprint(", "```python\nprint(\n```\n\n"),
        ("~~~~\nprint(\n~~~", "~~~~\nprint(\n~~~\n~~~~\n\n"),
        ("```inline``` code", "```inline``` code\n\n"),
        ("```\n```python", "```\n```python\n```\n\n"),
    ],
)
def test_code_survives_and_swallows_nothing(alice: User, text: str, kept: str) -> None:
    make_conversation(alice, "Code?", text)
    assert the_transcript(alice).endswith(f"\n\n{kept}")
