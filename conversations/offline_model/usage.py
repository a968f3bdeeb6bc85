"""What a request and its reply count and cost, in the provider's own form."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from conversations.offline_model.models import LISTED, ListedModel
from conversations.offline_model.parts import iterate_media

CREDITS_PER_USD = 2_000_000

CHARACTERS_PER_TOKEN = 4
TOKENS_AROUND_A_MESSAGE = 4
REMEMBERED_PREFIXES = 10_000


class PromptCache:
    """Counts prompts, and how much of their front was sent before: what the provider bills less."""

    def __init__(self) -> None:
        self._prefixes: OrderedDict[int, None] = OrderedDict()

    def count(self, messages: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
        """Return all tokens of the prompt, and those of the messages at its front seen before."""
        total = cached = prefix = 0
        at_front = True
        for message in messages:
            text = extract_message_text(message)
            media = tuple(iterate_media(message))
            tokens = TOKENS_AROUND_A_MESSAGE + -(-len(text) // CHARACTERS_PER_TOKEN)
            tokens += sum(each.tokens for each in media)
            prefix = hash((prefix, message["role"], text, media))
            at_front = at_front and prefix in self._prefixes
            total += tokens
            cached += tokens if at_front else 0
            self._remember(prefix)
        return total, cached

    def _remember(self, prefix: int) -> None:
        self._prefixes[prefix] = None
        self._prefixes.move_to_end(prefix)
        if len(self._prefixes) > REMEMBERED_PREFIXES:
            self._prefixes.popitem(last=False)


def extract_message_text(message: Mapping[str, Any]) -> str:
    """Return a message's text; of a list of parts, the text parts."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if part["type"] == "text")
    return content or ""


def count_usage(
    prompt: int, cached: int, completion: int, model: ListedModel = LISTED[0]
) -> dict[str, Any]:
    """Return the `usage` and `meta` fields of a reply, from three numbers of tokens."""
    usd = (prompt - cached) * model.prompt_price + cached * model.cached_price
    usd += completion * model.completion_price
    return {
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "meta": {
            "usage": {"credits_used": round(usd * CREDITS_PER_USD), "usd_spent": round(usd, 8)}
        },
    }
