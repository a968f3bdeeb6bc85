"""A branch → the `messages` array: order, roles, budget, and a front that stays the same."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conversations.content import estimate_tokens
from conversations.model_api.parts import extract_text
from conversations.models import Message
from conversations.services.history import Replay, replay

SYSTEM = "Be brief."
BUDGET = 200

USER, REPLY = Message.Role.USER, Message.Role.ASSISTANT

texts = st.text(min_size=1, max_size=120)
replies = texts | st.sampled_from(["", " \n"])
# What a reply reported: nothing, as when it was stopped, or a count of its own.
counts = st.none() | st.integers(1, 60)


def branch_of(*texts: str) -> list[Message]:
    """Messages and replies in turn; what is said counts nothing by itself."""
    return [
        Message(id=index + 1, role=REPLY if index % 2 else USER, text=text)
        for index, text in enumerate(texts)
    ]


@st.composite
def branches(draw: st.DrawFn, reported: bool = False) -> list[Message]:
    """Branches that end with the user's message; here and there a reply brought nothing."""
    entries: list[Message] = []
    for said, replied in draw(st.lists(st.tuples(texts, st.none() | replies), max_size=15)):
        entries.append(Message(id=len(entries) + 1, role=USER, text=said))
        if replied is not None:
            entries.append(
                Message(
                    id=len(entries) + 1,
                    role=REPLY,
                    text=replied,
                    prompt_tokens=draw(counts) if reported else None,
                    completion_tokens=draw(counts) if reported else None,
                )
            )
    return [*entries, Message(id=len(entries) + 1, role=USER, text=draw(texts))]


def contents(array: Replay) -> list[str]:
    return [extract_text(message["content"]) for message in array.messages]


def test_a_short_branch_is_sent_whole_after_the_system_prompt() -> None:
    array = replay(branch_of("Hello", "Hi.", "And now?"), system_prompt=SYSTEM, budget=BUDGET)
    assert array.messages == [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi."},
        {"role": "user", "content": "And now?"},
    ]
    assert array.first_id is None


def test_no_system_prompt_is_no_message() -> None:
    array = replay(branch_of("Hello"), system_prompt="", budget=BUDGET)
    assert array.messages == [{"role": "user", "content": "Hello"}]


def test_the_oldest_turns_are_left_out_over_the_budget() -> None:
    branch = branch_of("a" * 300, "b" * 300, "c" * 300)
    array = replay(branch, system_prompt=SYSTEM, budget=BUDGET)
    assert contents(array) == [SYSTEM, "c" * 300]
    assert array.first_id == 3


def test_a_step_goes_down_to_half_of_the_budget() -> None:
    branch = branch_of(*["x" * 64] * 13)  # 20 tokens each
    array = replay(branch, system_prompt="", budget=BUDGET)
    assert 60 < sum(map(estimate_tokens, contents(array))) <= 100


def test_what_a_reply_reported_counts_more_than_what_was_estimated() -> None:
    said, replied, now = branch_of("x" * 200, "y" * 200, "z" * 100)
    reported = Message(id=2, role=REPLY, text=replied.text, prompt_tokens=120, completion_tokens=70)
    assert replay([said, replied, now], system_prompt="", budget=BUDGET).first_id is None
    assert replay([said, reported, now], system_prompt="", budget=BUDGET).first_id == 3


def test_a_reported_count_below_the_estimate_keeps_more() -> None:
    said, replied, now = branch_of("x" * 360, "y" * 360, "z" * 120)
    reported = Message(id=2, role=REPLY, text=replied.text, prompt_tokens=30, completion_tokens=30)
    assert replay([said, replied, now], system_prompt="", budget=BUDGET).first_id == 3
    assert replay([said, reported, now], system_prompt="", budget=BUDGET).first_id is None


def test_messages_around_a_reply_that_brought_nothing_become_one() -> None:
    branch = branch_of("Hello", " \n", "Hello?", "Hi.", "And now?")
    array = replay(branch, system_prompt="", budget=BUDGET)
    assert contents(array) == ["Hello\n\nHello?", "Hi.", "And now?"]


def test_a_step_may_leave_out_the_first_of_two_messages_in_a_row() -> None:
    branch = branch_of("a" * 600, "", "b" * 300)
    array = replay(branch, system_prompt="", budget=BUDGET)
    assert (contents(array), array.first_id) == (["b" * 300], 3)


@given(branches(reported=True), st.integers(0, 2 * BUDGET))
def test_what_is_sent_is_the_end_of_what_is_shown(branch: list[Message], budget: int) -> None:
    array = replay(branch, system_prompt=SYSTEM, budget=budget)
    shown = [each.text for each in branch if each.role == USER or each.text.strip()]
    sent = "\n\n".join(contents(array)[1:])
    assert any(sent == "\n\n".join(shown[start:]) for start in range(len(shown)))


@given(branches(reported=True), st.integers(0, 2 * BUDGET))
def test_roles_alternate_from_the_user_to_the_user(branch: list[Message], budget: int) -> None:
    array = replay(branch, system_prompt=SYSTEM, budget=budget)
    roles = [message["role"] for message in array.messages]
    assert roles == ["system", *[USER, REPLY] * (len(roles) // 2 - 1), USER]


@given(branches(reported=True), st.integers(0, 2 * BUDGET))
def test_the_message_that_is_sent_first_is_named(branch: list[Message], budget: int) -> None:
    array = replay(branch, system_prompt=SYSTEM, budget=budget)
    first = next(each for each in branch if each.id == (array.first_id or 1))
    assert first.role == USER
    assert contents(array)[1].startswith(first.text)


@given(branches(reported=True), st.integers(0, 2 * BUDGET))
def test_the_last_message_is_always_sent(branch: list[Message], budget: int) -> None:
    array = replay(branch, system_prompt=SYSTEM, budget=budget)
    assert contents(array)[-1].endswith(branch[-1].text)


@given(branches())
def test_the_budget_is_never_exceeded_by_estimates(branch: list[Message]) -> None:
    array = replay(branch, system_prompt=SYSTEM, budget=BUDGET)
    assert sum(map(estimate_tokens, contents(array))) <= BUDGET


@given(branches(reported=True), st.data())
def test_a_later_message_never_brings_an_older_one_back(
    branch: list[Message], data: st.DataObject
) -> None:
    ends = [index for index, entry in enumerate(branch, 1) if entry.role == USER]
    earlier = branch[: data.draw(st.sampled_from(ends))]
    before = replay(earlier, system_prompt=SYSTEM, budget=BUDGET).first_id or 0
    assert (replay(branch, system_prompt=SYSTEM, budget=BUDGET).first_id or 0) >= before


def fronts(turns: int, *, budget: int, tokens: int) -> list[int | None]:
    """What each of so many turns of `tokens` (message and reply) sends first."""
    text = "x" * 4 * (tokens // 2 - 4)
    branch = branch_of(*[text] * (2 * turns - 1))
    ends = range(1, len(branch) + 1, 2)
    return [replay(branch[:end], system_prompt="", budget=budget).first_id for end in ends]


def test_the_front_rarely_changes_over_200_turns() -> None:
    firsts = fronts(200, budget=4_000, tokens=100)
    changes = sum(before != after for before, after in pairwise(firsts))
    # 40 turns fill the budget, and each step makes room for 20 more.
    assert 0 < changes <= (200 - 40) / 20 + 1


def test_the_front_only_ever_moves_on() -> None:
    firsts = [first or 0 for first in fronts(200, budget=4_000, tokens=100)]
    assert firsts == sorted(firsts)


def test_between_steps_each_array_begins_with_the_one_before() -> None:
    branch = branch_of(*["x" * 184] * 399)
    arrays = [replay(branch[:end], system_prompt=SYSTEM, budget=4_000) for end in range(1, 400, 2)]
    kept = sum(
        after.messages[: len(before.messages)] == before.messages
        for before, after in pairwise(arrays)
    )
    assert kept >= 189


def test_tokens_that_were_thought_are_not_counted_again() -> None:
    said, replied, now = branch_of("x" * 40, "y" * 40, "z" * 40)
    thought = Message(id=2, role=REPLY, text=replied.text, completion_tokens=5_000)
    assert replay([said, thought, now], system_prompt="", budget=BUDGET).first_id is None
