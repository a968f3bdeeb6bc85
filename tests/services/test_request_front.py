"""The front of what the model is sent stays the same from request to request, whatever it is told:
that is what the provider's cache serves.
"""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.content import add_instruction, ask_for_json, is_sendable
from conversations.instructions.parts import PromptParts
from conversations.instructions.variables import list_values, make_note, resolve
from conversations.model_api import ChatMessage
from conversations.models import (
    Attachment,
    InstructionPolicy,
    Message,
    OwnInstructions,
)
from conversations.prompt_counts import PromptCounts
from conversations.services import turns
from conversations.services.beginnings import Choices
from conversations.services.history import Replay, replay
from tests.files import add_text
from tests.services.writing import wait_until_saved

USER, REPLY = Message.Role.USER, Message.Role.ASSISTANT
TURNS = 200
MODEL = "small"

texts = st.text(min_size=1, max_size=200)
instructions = st.lists(
    texts | st.sampled_from(["{{name}}", "{{language}}", "{{date}}", "{{time}}", "{{other}}"]),
    max_size=4,
).map(" ".join)


@st.composite
def prompts(draw: st.DrawFn) -> str:
    values = list_values(name=draw(texts), language="de")
    preamble, base = (resolve(draw(instructions), values) for _ in range(2))
    return PromptParts(preamble, base, own=draw(instructions)).compose()


@st.composite
def conversations_of_200_turns(draw: st.DrawFn) -> list[tuple[Message, Message, timedelta]]:
    """What is said, what is replied, and how long after the turn before; all drawn from a few."""
    said = draw(st.lists(texts, min_size=3))
    replied = draw(st.lists(texts | st.just(""), min_size=3))
    later = draw(st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), min_size=3))
    counted = draw(st.lists(st.none() | st.integers(1, 3_000), min_size=3))
    return [
        (
            Message(id=2 * turn + 1, role=USER, text=said[turn % len(said)]),
            Message(
                id=2 * turn + 2,
                role=REPLY,
                text=replied[turn % len(replied)],
                requested_model=draw(st.sampled_from([MODEL, None, "large"])),
                prompt_tokens=counted[turn % len(counted)],
            ),
            later[turn % len(later)],
        )
        for turn in range(TURNS)
    ]


@given(prompts(), conversations_of_200_turns(), st.integers(500, 5_000))
@settings(max_examples=15, deadline=None)
def test_between_steps_of_the_budget_each_request_begins_with_the_one_before(
    system_prompt: str, said: list[tuple[Message, Message, timedelta]], budget: int
) -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    branch: list[Message] = []
    earlier: Replay | None = None
    for message, reply, later in said:
        now += later
        message.context_note = make_note(system_prompt, now)
        branch.append(message)
        array = replay(
            branch,
            system_prompt=system_prompt,
            budget=budget,
            counts=PromptCounts(MODEL, counted_from=101),
        )
        if earlier and earlier.first_id == array.first_id:
            check_front(earlier.messages, array.messages, whole=is_sendable(branch[-2]))
        branch.append(reply)
        earlier = array


def check_front(before: list[ChatMessage], after: list[ChatMessage], *, whole: bool) -> None:
    """The newest message alone may have something at its end that is said of its reply; where that
    brought nothing, the next message is joined to it.
    """
    for asked in (before, add_instruction(before, "shorter"), ask_for_json(before)):
        assert asked[:-1] == after[: len(asked) - 1]
    if whole:
        assert before == after[: len(before)]


@pytest.mark.django_db(transaction=True)
def test_with_all_of_it_on_the_model_gets_the_same_front_each_time(
    alice: User, model: Any, settings: Settings
) -> None:
    settings.SYSTEM_PROMPT = "Speak {{language}}. It is {{time}} on {{date}}."
    settings.CONTEXT_BUDGET = 1_500
    InstructionPolicy(pk=1, preamble="You talk to {{name}}, and not to {{nobody}}.").save()
    OwnInstructions.objects.create(user=alice, about_me="I teach.", how_to_reply="Be {{brief}}.")
    choices = Choices(parameters={"response_format": {"type": "json_object"}})
    first = turns.start_conversation(owner=alice, text="Hello", token="a", choices=choices)
    conversation = first.message.conversation
    wait_until_saved(first.reply)
    # What was told on another day stays what it was.
    Message.objects.update(context_note="(Date: Monday, 1 January 2024. Time: 00:00 (UTC).)")
    for number in range(1, TURNS):
        turn = turns.create_turn(
            owner=alice,
            conversation_id=conversation.pk,
            text=f"Question {number}",
            token=str(number),
            files=[make_waiting_file(first.message)] if number == 1 else [],
        )
        wait_until_saved(turn.reply)
    sent = [request.body["messages"] for request in model.requests]
    assert len(sent) == TURNS
    assert sent[0][0] == {
        "role": "system",
        "content": "You talk to alice, and not to {{nobody}}.\n\n"
        "Speak English. It is the time given with the newest message on the date given with the "
        "newest message.\n\n"
        "About the user, in their own words:\nI teach.\n\n"
        "How the user wants you to reply, in their own words:\nBe {{brief}}.",
    }
    assert sent[0][1]["content"].endswith("\n\n(Answer with one JSON object.)")
    assert sent[1][1] == {
        "role": "user",
        "content": "Hello\n\n(Date: Monday, 1 January 2024. Time: 00:00 (UTC).)",
    }
    steps = sum(after[: len(before) - 1] != before[:-1] for before, after in pairwise(sent))
    assert 0 < steps < TURNS / 10
    assert all(messages[0] == sent[0][0] for messages in sent)


def make_waiting_file(lender: Message) -> uuid.UUID:
    file: Attachment = add_text(lender, "notes.txt", tokens=100)
    Attachment.objects.filter(pk=file.pk).update(message=None, conversation=None)
    Message.objects.filter(pk=lender.pk).update(file_count=None)
    return file.pk
