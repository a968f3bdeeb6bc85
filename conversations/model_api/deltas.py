"""The words in one message or delta, in whatever shape a server puts them.

Seen in the wild: `content` as a string, as a list of parts (Mistral, Anthropic's compatible API),
as null; thinking as `reasoning_content` (DeepSeek, vLLM), `reasoning` (OpenRouter, Groq, Ollama) or
as a part of its own kind; a refusal in a field of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Some servers fill several of these with the same words.
REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking")
# What a reply can hold beside text; this site asks for none of it.
OTHER_FIELDS = ("tool_calls", "function_call", "audio", "images")
# More thinking than this is not kept.
LONGEST_REASONING = 100_000
# Parts may hold lists of parts.
DEEPEST = 4


@dataclass(frozen=True)
class Delta:
    """Words that have just come: of the answer, and of the thinking before it."""

    text: str = ""
    reasoning: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.reasoning)

    def __add__(self, other: "Delta") -> "Delta":
        if not other:
            return self
        return Delta(self.text + other.text, self.reasoning + other.reasoning) if self else other


def join_deltas(deltas: Sequence[Delta]) -> Delta:
    if len(deltas) == 1:  # as most often: each word of a reply comes through here
        return deltas[0]
    return Delta(
        "".join(delta.text for delta in deltas), "".join(delta.reasoning for delta in deltas)
    )


@dataclass(frozen=True)
class MessageWords:
    """What a message says. `is_partial`: some of it is of no kind that is known here."""

    delta: Delta = Delta()
    is_partial: bool = False


def read_message_words(message: Mapping[str, Any]) -> MessageWords:
    content = message.get("content")
    if isinstance(content, str) and len(message) == 1:  # as nearly every delta of a stream is
        return MessageWords(Delta(content))
    delta, is_partial = _read_content(content)
    thoughts = [message.get(name) for name in REASONING_FIELDS]
    if reasoning := next((each for each in thoughts if each and isinstance(each, str)), ""):
        delta = Delta(delta.text, reasoning)
    refusal = message.get("refusal")
    if isinstance(refusal, str):  # whose words are the text
        delta += Delta(refusal)
    return MessageWords(delta, is_partial or any(map(message.get, OTHER_FIELDS)))


def _read_content(content: object, depth: int = 0) -> tuple[Delta, bool]:
    """Return the words in it, and whether there is more that isn't words."""
    if content is None or isinstance(content, bool):
        return Delta(), False
    if isinstance(content, str | int | float):
        return Delta(str(content)), False
    if depth > DEEPEST:
        return Delta(), True
    if isinstance(content, list):
        parts = [_read_content(part, depth + 1) for part in content]
        return join_deltas([delta for delta, _ in parts]), any(more for _, more in parts)
    assert isinstance(content, dict)  # noqa: S101 - JSON has no other types
    return _read_part(content, depth)


def _read_part(part: dict[str, Any], depth: int) -> tuple[Delta, bool]:
    kind = str(part.get("type", "text"))
    for field in ("text", "value", "refusal", "thinking", "reasoning", "content", "summary"):
        if part.get(field) is not None:
            delta, is_partial = _read_content(part[field], depth + 1)
            if "thinking" in kind or "reasoning" in kind:
                delta = Delta(reasoning=delta.text + delta.reasoning)
            return delta, is_partial
    return Delta(), "thinking" not in kind and "reasoning" not in kind
