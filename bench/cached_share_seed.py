"""A conversation played in memory: `manage.py shell` runs this."""

import json
from itertools import takewhile

from conversations.content import count_sent_tokens, estimate_tokens
from conversations.model_api import ChatMessage
from conversations.models import Message
from conversations.services.history import replay

SMALLEST, STEP = 1_024, 128  # tokens that a cache keeps, and by which it grows
SYSTEM_PROMPT = "You are a helpful assistant. " * 20
FILLING = 32  # turns that fill the budget

__all__ = ["play"]


def play(turns: int, budget: int) -> None:
    """Prints the share of tokens that the cache serves: of all prompts, and of those that were sent
    once the oldest turns had been left out for the first time.
    """
    size = budget // FILLING  # tokens a turn, a fifth of them the question
    branch: list[Message] = []
    earlier: list[ChatMessage] = []
    sums = {"all": [0, 0], "full": [0, 0]}
    for turn in range(turns):
        branch.append(make_message(len(branch) + 1, "user", turn, size // 5))
        sent = replay(branch, system_prompt=SYSTEM_PROMPT, budget=budget)
        prompt, cached = count(sent.messages), find_cached(sent.messages, earlier)
        for name in ("all", "full") if sent.first_id else ("all",):
            sums[name][0] += cached
            sums[name][1] += prompt
        reply = make_message(len(branch) + 1, "assistant", turn, size - size // 5)
        reply.prompt_tokens, reply.completion_tokens = prompt, estimate_tokens(reply.text)
        branch.append(reply)
        earlier = sent.messages
    print(json.dumps({name: cached / prompt for name, (cached, prompt) in sums.items()}))


def make_message(pk: int, role: str, turn: int, tokens: int) -> Message:
    """Text that no other turn has."""
    text = f"{role} {turn}: " + "word " * max(1, tokens * 4 // 5)
    return Message(pk=pk, parent_id=pk - 1 or None, role=role, text=text)


def count(messages: list[ChatMessage]) -> int:
    return sum(map(count_sent_tokens, messages))


def find_cached(sent: list[ChatMessage], earlier: list[ChatMessage]) -> int:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(sent, earlier, strict=False))
    common = count([message for message, _ in same])
    return common // STEP * STEP if common >= SMALLEST else 0
