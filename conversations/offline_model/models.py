"""The models that are offered: what they cost, how much they take, and whether they see pictures.

Any other name is answered too, as the first of them would; "missing" isn't there.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ListedModel:
    """Prices are USD a token."""

    identifier: str
    name: str
    context_window: int
    longest_reply: int
    prompt_price: float
    cached_price: float
    completion_price: float
    reads_media: bool = True

    def describe(self) -> dict[str, Any]:
        """Return its entry in the list, in the provider's form."""
        modalities = ["text", "image", "file"] if self.reads_media else ["text"]
        return {
            "id": self.identifier,
            "object": "model",
            "type": "chat-completion",
            "owned_by": "offline",
            "info": {
                "name": self.name,
                "contextLength": self.context_window,
                "maxTokens": self.longest_reply,
            },
            "architecture": {"input_modalities": modalities, "output_modalities": ["text"]},
            "pricing": {
                "prompt": f"{self.prompt_price:.9f}",
                "input_cache_read": f"{self.cached_price:.9f}",
                "completion": f"{self.completion_price:.9f}",
            },
        }


# The first has the list prices of OpenAI.
LISTED = (
    ListedModel(
        identifier="openai/gpt-4.1-mini-2025-04-14",
        name="GPT-4.1 mini",
        context_window=1_047_576,
        longest_reply=32_768,
        prompt_price=0.40e-6,
        cached_price=0.10e-6,
        completion_price=1.60e-6,
    ),
    ListedModel(
        identifier="offline/quick",
        name="Offline Quick",
        context_window=32_768,
        longest_reply=4_096,
        prompt_price=0.05e-6,
        cached_price=0.01e-6,
        completion_price=0.20e-6,
        reads_media=False,
    ),
    ListedModel(
        identifier="offline/thorough",
        name="Offline Thorough",
        context_window=200_000,
        longest_reply=64_000,
        prompt_price=3e-6,
        cached_price=0.30e-6,
        completion_price=15e-6,
    ),
)


def find_listed(identifier: object) -> ListedModel:
    return next((each for each in LISTED if each.identifier == identifier), LISTED[0])
