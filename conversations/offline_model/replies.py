"""What the offline model says of its own accord: that it is one, what it was sent, and Markdown.

The same messages always get the same text. A typical reply has 120 to 250 tokens: at 50 tokens
a second that is long enough to watch and short enough to wait for.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from conversations.offline_model.parts import list_sent_media
from conversations.offline_model.samples import SAMPLES, TOUR
from conversations.offline_model.titles import compose_title, find_titled_message
from conversations.offline_model.usage import extract_message_text

LONGEST_QUOTE = 60
# How a request begins that wants more of the reply before it, and what is said where this model
# knows no more of that.
CONTINUE = "continue exactly where"
THE_END = "\n\nThat was all that the offline model had to say about it."


def compose_reply(
    messages: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """Return the reply to these messages, as Markdown, or the title that is asked for."""
    if (titled := find_titled_message(messages)) is not None:
        return compose_title(titled)
    return f"{_introduction(messages, parameters)}\n\n{_sample(messages)}"


def find_partial_reply(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the reply that the last message wants continued; None where it wants another."""
    if len(messages) < 3 or messages[-2]["role"] != "assistant":
        return None
    asked = extract_message_text(messages[-1]).lstrip().lower()
    return extract_message_text(messages[-2]) if asked.startswith(CONTINUE) else None


def continue_text(whole: str, partial: str) -> str:
    """Return what follows the partial reply in the whole one, from the very next character."""
    rest = whole.removeprefix(partial)
    return rest if rest and len(rest) < len(whole) else THE_END


def quote_line(text: str) -> str:
    """Return a short line of inline code that no Markdown in the text can break out of; or ""."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = shorten_line(" ".join(line.split()))
    if not line:
        return ""
    longest_run = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest_run + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def shorten_line(line: str) -> str:
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + "…"


def _introduction(messages: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any]) -> str:
    amount = "1 message" if len(messages) == 1 else f"{len(messages)} messages"
    sentences = [
        "I’m the **offline model**, not the real model.",
        f"This request carried {amount}.",
    ]
    first = next(
        (extract_message_text(message) for message in messages if message["role"] == "user"), ""
    )
    if quote := quote_line(first):
        sentences.append(f"Your first one said {quote}.")
    if media := list_sent_media(messages):
        sentences.append(f"It holds {' and '.join(map(str, media))}.")
    if any(message["role"] in {"system", "developer"} for message in messages):
        sentences.append("There was a system prompt too.")
    if parameters:
        said = ", ".join(f"{name} {quote_line(str(value))}" for name, value in parameters.items())
        sentences.append(f"It came with {said}.")
    return " ".join(sentences)


def _sample(messages: Sequence[Mapping[str, Any]]) -> str:
    """Choose by keyword; without one a tour at first, then one sample after the other."""
    wanted = extract_message_text(messages[-1]).lower()
    for sample in SAMPLES:
        if sample.keywords.search(wanted):
            return sample.markdown
    turn = sum(message["role"] == "user" for message in messages)
    return TOUR if turn <= 1 else SAMPLES[turn % len(SAMPLES)].markdown
