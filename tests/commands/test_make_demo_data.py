"""Made-up data: as much as was asked for, and processed like any other."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations import tree
from conversations.instructions.parts import PromptParts
from conversations.management.commands import make_demo_data
from conversations.models import Conversation, Message
from conversations.outbox.models import Change
from conversations.review.models import Review

pytestmark = pytest.mark.django_db


def make(*, seed: int = 1, users: int = 3, conversations: int = 20, messages: int = 200) -> str:
    out = StringIO()
    call_command(
        "make_demo_data",
        *(f"--users={users}", f"--conversations={conversations}"),
        *(f"--messages={messages}", f"--seed={seed}"),
        stdout=out,
    )
    return out.getvalue()


def test_as_much_is_made_as_was_asked_for() -> None:
    assert "3 users, 20 conversations" in make()
    assert (User.objects.count(), Conversation.objects.count()) == (3, 20)
    assert Message.objects.count() == 200


def test_the_queue_has_it_all() -> None:
    make()
    assert not Change.objects.exists()
    assert sum(Review.objects.values_list("message_count", flat=True)) == Message.objects.count()


def test_what_the_model_is_told_is_composed_as_in_any_chat(settings: Settings) -> None:
    settings.SYSTEM_PROMPT = "You talk to {{name}}."
    make()
    for conversation in Conversation.objects.select_related("owner"):
        assert conversation.owner
        told = f"You talk to {conversation.owner.get_short_name()}."
        assert conversation.system_prompt == told
        assert PromptParts.from_stored(conversation.prompt_parts, "").compose() == told


def test_every_message_is_on_the_branch_that_is_shown() -> None:
    make()
    shown = [tree.list_branch(each, each.leaf_id).count() for each in Conversation.objects.all()]
    assert sum(shown) == Message.objects.count()


def test_the_same_seed_makes_the_same_texts() -> None:
    make(conversations=2, messages=20)
    first = list(Message.objects.order_by("id").values_list("text", flat=True))
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    make(conversations=2, messages=20)
    assert list(Message.objects.order_by("id").values_list("text", flat=True)) == first


def test_more_can_be_made() -> None:
    make()
    make()
    assert (User.objects.count(), Message.objects.count()) == (6, 400)


def test_more_can_be_made_after_some_users_went() -> None:
    make()
    User.objects.earliest("username").delete()
    make()
    assert User.objects.count() == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_indexes_that_were_left_out_meanwhile_are_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(make_demo_data, "MANY", 200)
    before = text_indexes()
    assert "Making the index review_message_trigrams" in make()
    assert text_indexes() == before


def text_indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(make_demo_data.TEXT_INDEXES)
        return {definition for _name, definition in cursor.fetchall()}


def test_made_up_users_can_not_sign_in() -> None:
    make()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_too_few_messages_are_refused() -> None:
    with pytest.raises(CommandError, match="give --messages 40 or more"):
        make(messages=39)
