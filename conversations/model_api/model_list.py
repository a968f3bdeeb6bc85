"""What a server says of the models that it has: `GET /models`, in the dialects of several servers.

OpenAI's has names alone; LiteLLM, vLLM, OpenRouter and the AI/ML API say more, each in its own
fields. All of it is untrusted: what isn't of the right kind and size isn't there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from conversations.model_api.clean_text import clean_label
from conversations.model_api.error_parsing import find_error
from conversations.model_api.errors import MalformedReplyError
from conversations.model_api.values import MILLION, Prices, parse_usd

LARGEST_LIST = 4 * 1024 * 1024
MOST_MODELS = 2_000
MOST_TOKENS = 1_000_000_000
# US dollars for a million tokens.
HIGHEST_PRICE = Decimal(100_000)
EXACT = Decimal("0.000001")

# Where servers say it; the first that is there counts. A dot leads into an object.
NAMES = ("info.name", "name", "display_name")
WINDOWS = (
    *("context_length", "context_window", "max_model_len", "info.contextLength"),
    *("max_input_tokens", "model_info.max_input_tokens", "meta.n_ctx_train"),
)
LONGEST_REPLIES = (
    *("top_provider.max_completion_tokens", "max_completion_tokens", "max_output_tokens"),
    *("info.maxTokens", "model_info.max_output_tokens"),
)
INPUT_PRICES = ("pricing.prompt", "pricing.input", "input_cost_per_token")
CACHED_PRICES = ("pricing.input_cache_read", "cache_read_input_token_cost")
OUTPUT_PRICES = ("pricing.completion", "pricing.output", "output_cost_per_token")
MODALITIES = ("architecture.input_modalities", "input_modalities")
VISION = ("supports_vision", "model_info.supports_vision")
# What isn't for chatting says so by these.
OTHER_TYPES = ("image", "audio", "video", "embed", "speech", "stt", "tts", "moderation", "rerank")


@dataclass(frozen=True)
class ServerModel:
    """A model as its server describes it; None where it doesn't say."""

    identifier: str
    label: str | None = None
    context_window: int | None = None
    longest_reply: int | None = None
    prices: Prices | None = None
    reads_images: bool | None = None
    reads_files: bool | None = None


def read_model_list(body: bytes) -> list[ServerModel]:
    """Return the models for chatting, each once, in the server's order.

    Raises the ModelError that the body reports, or MalformedReplyError.
    """
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"), parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        raise MalformedReplyError("a list of models that is no JSON") from None
    if isinstance(found, dict):
        if error := find_error(found):
            raise error
        found = found.get("data", found.get("models"))
    if not isinstance(found, list):
        raise MalformedReplyError("a list of models that is no list")
    models = (read_model(each) for each in found[:MOST_MODELS] if isinstance(each, dict))
    return list({each.identifier: each for each in models if each}.values())


def read_model(entry: Mapping[str, Any]) -> ServerModel | None:
    identifier = clean_label(entry.get("id") or entry.get("model_name"))
    if not identifier or identifier != identifier.strip() or not identifier.isprintable():
        return None
    kind = entry.get("type")
    if isinstance(kind, str) and any(other in kind.lower() for other in OTHER_TYPES):
        return None
    sees = find_value(entry, MODALITIES)
    modalities = sees if isinstance(sees, list) else None
    vision = find_value(entry, VISION)
    reads_images = "image" in modalities if modalities is not None else None
    if reads_images is None and isinstance(vision, bool):
        reads_images = vision
    window = read_count(find_value(entry, WINDOWS))
    longest_reply = read_count(find_value(entry, LONGEST_REPLIES))
    if window and longest_reply and longest_reply >= window:
        # Some servers repeat the window, which says nothing of replies.
        longest_reply = None
    return ServerModel(
        identifier=identifier,
        label=read_label(find_value(entry, NAMES)),
        context_window=window,
        longest_reply=longest_reply,
        prices=read_prices(entry),
        reads_images=reads_images,
        reads_files="file" in modalities if modalities is not None else None,
    )


def find_value(entry: Mapping[str, Any], places: Iterable[str]) -> Any:
    for place in places:
        value: Any = entry
        for name in place.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


def read_label(value: object) -> str | None:
    label = clean_label(value)
    return " ".join(label.split()) or None if label and label.isprintable() else None


def read_count(value: object) -> int | None:
    """A number of tokens, also as text or as a number with a point."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 1 <= value <= MOST_TOKENS else None


def read_prices(entry: Mapping[str, Any]) -> Prices | None:
    """Prices of a million tokens: servers say those of one. None where either is missing."""
    prompt = read_price(find_value(entry, INPUT_PRICES))
    completion = read_price(find_value(entry, OUTPUT_PRICES))
    if prompt is None or completion is None:
        return None
    cached = read_price(find_value(entry, CACHED_PRICES))
    return Prices(prompt, prompt if cached is None else cached, completion)


def read_price(value: object) -> Decimal | None:
    price = parse_usd(value)
    if price is None or price * MILLION > HIGHEST_PRICE:
        return None
    return (price * MILLION).quantize(EXACT)
