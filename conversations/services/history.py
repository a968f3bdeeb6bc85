"""A branch of messages → the `messages` array for the model. Pure: it reads the messages
that it is given, whose files were read with them, and nothing else.

The array is the system prompt and then what the page shows of the branch, the user and the model in
turn, as far as a budget of tokens goes. When the
branch outgrows the budget, the oldest turns go in one large step, down to half of it: between two
steps the front of the array stays the same from turn to turn, which lets the provider serve it from
its cache (a quarter of the price).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby
from operator import attrgetter

from conversations.content import (
    count_tokens,
    estimate_tokens,
    is_any_file_unseen,
    is_sendable,
    make_chat_message,
)
from conversations.model_api import ChatMessage
from conversations.model_api.parts import limit_size
from conversations.models import Message
from conversations.prompt_counts import ALL_COUNTS, PromptCounts


@dataclass(frozen=True)
class Replay:
    """The array; the id of the oldest message in it, None when nothing was left out; and whether
    there is a file in its newest entry of which it says nothing but the name.
    """

    messages: list[ChatMessage]
    first_id: int | None
    has_unseen_file: bool = False


def replay(
    branch: Sequence[Message],
    *,
    system_prompt: str,
    budget: int,
    size_limit: int | None = None,
    counts: PromptCounts = ALL_COUNTS,
) -> Replay:
    """Return the array for a branch that ends with the user's message. `size_limit`: the bytes that
    a request may have; beyond, text stands for the oldest files. `counts`: those that hold.

    What the page shows is what is sent, also of replies that broke off. Roles alternate, as strict
    servers insist: where a reply brought nothing, the messages around it become one.
    """
    said = list(filter(is_sendable, branch))
    branch = list(dropwhile(lambda message: not message.is_user, said))
    start = find_first_kept(branch, system_prompt=system_prompt, budget=budget, counts=counts)
    messages: list[ChatMessage] = []
    if system_prompt:
        messages.append({"role": "system", "content": system_prompt})
    newest: list[Message] = []
    for role, neighbours in groupby(branch[start:], key=attrgetter("role")):
        newest = list(neighbours)
        messages.append(make_chat_message(role, newest))
    if size_limit is not None:
        messages = limit_size(messages, size_limit)
    return Replay(messages, branch[start].pk if start else None, is_any_file_unseen(newest))


def find_first_kept(
    branch: Sequence[Message], *, system_prompt: str, budget: int, counts: PromptCounts = ALL_COUNTS
) -> int:
    """The index of the oldest message that is sent.

    Goes through the branch as it grew, so that a later message never changes where an earlier step
    was made.
    """
    fixed = estimate_tokens(system_prompt)
    sizes = [count_tokens(message) for message in branch]
    start, used = 0, fixed
    for index, message in enumerate(branch):
        used += sizes[index]
        if message.is_user:
            if used > budget:
                # What the model counted so far tells how far the estimates are off.
                scale = used / (fixed + sum(sizes[start : index + 1]))
                start = find_step(branch, sizes, start, index, int(budget / 2 / scale) - fixed)
                used = int(scale * (fixed + sum(sizes[start : index + 1])))
        elif counts.has(message) and not message.usage_estimated:
            # What the model counted is better than what was estimated.
            used = (message.prompt_tokens or 0) + sizes[index]
    return start


def find_step(
    branch: Sequence[Message], sizes: Sequence[int], start: int, end: int, room: int
) -> int:
    """The first turn from which everything up to `end` takes at most `room` tokens; at the latest,
    `end` itself.
    """
    kept = sum(sizes[start : end + 1])
    while start < end and (kept > room or not branch[start].is_user):
        kept -= sizes[start]
        start += 1
    return start
