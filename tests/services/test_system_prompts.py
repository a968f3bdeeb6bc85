"""What the model is told, in conversations that have begun: what is sent, and what is counted."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.instructions.parts import PromptParts
from conversations.models import Conversation, InstructionPolicy, Message, OwnInstructions
from conversations.offline_model import OfflineModel
from conversations.prompt_counts import PromptCounts
from conversations.services import system_prompts, turns
from conversations.services.beginnings import Choices
from conversations.services.history import replay
from tests.factories import add_message, make_conversation
from tests.services.writing import continue_reply, regenerate, send, wait_until_saved

pytestmark = pytest.mark.django_db(transaction=True)


def sent(model: OfflineModel) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model.requests[-1].body["messages"]
    return found


def begin(owner: User, text: str = "Hello", choices: Choices | None = None) -> Conversation:
    turn = turns.start_conversation(owner=owner, text=text, token="a", choices=choices)
    wait_until_saved(turn.reply)
    return turn.message.conversation


def test_the_model_gets_preamble_instructions_and_own_words_and_the_date_with_the_message(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    settings.SYSTEM_PROMPT = "Today is {{date}}."
    InstructionPolicy(pk=1, preamble="You talk to {{name}}.").save()
    OwnInstructions.objects.create(user=alice, how_to_reply="Be short.")
    conversation = begin(alice)
    note = conversation.messages.earliest("pk").context_note
    assert note is not None
    assert note.startswith("(Date: ")
    assert sent(model) == [
        {
            "role": "system",
            "content": "You talk to alice.\n\nToday is the date given with the newest message.\n\n"
            "How the user wants you to reply, in their own words:\nBe short.",
        },
        {"role": "user", "content": f"Hello\n\n{note}"},
    ]


def test_own_instructions_can_be_left_out_of_a_chat(alice: User, model: OfflineModel) -> None:
    OwnInstructions.objects.create(user=alice, how_to_reply="Be short.")
    begin(alice, choices=Choices(uses_own_instructions=False))
    assert sent(model)[0]["content"] == "You are a helpful assistant."


def test_a_conversation_from_before_sends_what_it_sent(alice: User, model: OfflineModel) -> None:
    OwnInstructions.objects.create(user=alice, how_to_reply="Be short.")
    conversation = make_conversation(alice, "Hello", "Hi.")
    wait_until_saved(send(conversation, "And now?", token="a").reply)
    assert [entry["content"] for entry in sent(model)] == ["Be brief.", "Hello", "Hi.", "And now?"]
    conversation.refresh_from_db()
    assert (conversation.prompt_parts, conversation.counted_from) == (None, None)


def test_a_new_preamble_holds_from_the_next_reply_on(alice: User, model: OfflineModel) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.")
    last = conversation.leaf_id or 0
    ways: list[Callable[[], Message]] = [
        lambda: send(conversation, "And now?", token="a").reply,
        lambda: regenerate(conversation.messages.latest("pk")),
    ]
    for number, ask in enumerate(ways):
        InstructionPolicy(pk=1, preamble=f"Preamble {number}.").save()
        wait_until_saved(ask())
        assert sent(model)[0]["content"] == f"Preamble {number}.\n\nBe brief."
        conversation.refresh_from_db()
        assert (conversation.counted_from or 0) > last
        last = conversation.counted_from or 0


def test_a_new_preamble_holds_where_a_reply_is_continued(alice: User, model: OfflineModel) -> None:
    conversation = make_conversation(alice, "Hello")
    reply = add_message(conversation, role="assistant", text="I was", status="stopped")
    conversation.save()
    InstructionPolicy(pk=1, preamble="Be kind.").save()
    wait_until_saved(continue_reply(reply))
    assert sent(model)[0]["content"] == "Be kind.\n\nBe brief."


def test_a_note_is_never_changed_and_an_edited_message_has_its_own(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    settings.SYSTEM_PROMPT = "{{time}}"
    conversation = begin(alice)
    Message.objects.filter(role="user").update(context_note="(Then.)")
    wait_until_saved(send(conversation, "And now?", token="b").reply)
    assert sent(model)[1]["content"] == "Hello\n\n(Then.)"
    first = conversation.messages.earliest("pk")
    edited = turns.edit_message(
        owner=alice, conversation_id=conversation.pk, message_id=first.pk, text="Hi", token="c"
    )
    wait_until_saved(edited.reply)
    assert edited.message.context_note not in (None, "(Then.)")


def test_a_count_of_another_model_or_of_another_prompt_is_not_trusted() -> None:
    reply = Message(id=5, role="assistant", prompt_tokens=100)
    other = Message(id=5, role="assistant", prompt_tokens=100, requested_model="large")
    assert PromptCounts().has(other)
    assert PromptCounts("small").has(reply)
    assert not PromptCounts("small").has(other)
    assert PromptCounts("small", counted_from=5).has(reply)
    assert not PromptCounts("small", counted_from=6).has(reply)


def test_counts_that_do_not_hold_leave_nothing_out() -> None:
    said = Message(id=1, role="user", text="Hello")
    reply = Message(id=2, role="assistant", text="Hi", prompt_tokens=900)
    branch = [said, reply, Message(id=3, role="user", text="And now?")]
    assert replay(branch, system_prompt="", budget=100).first_id == 3
    counts = PromptCounts(counted_from=3)
    assert replay(branch, system_prompt="", budget=100, counts=counts).first_id is None


def test_a_changed_prompt_is_counted_anew(alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "Hi.")
    system_prompts.change_system_prompt(conversation, PromptParts(base="Be kind."))
    conversation.refresh_from_db()
    assert (conversation.system_prompt, conversation.prompt_parts) == ("Be kind.", None)
    assert conversation.counted_from == (conversation.leaf_id or 0) + 1
