"""About how many tokens the model reads of a file: known before it is sent.

A picture is read in patches (reading/patches.py), each 1.62 tokens of gpt-4.1-mini (OpenAI, "Images
and vision", Calculating costs, 2026). A page of a PDF is its text and a picture.
"""

import math

from conversations.attachments.reading.patches import LOW_DETAIL, count_patches, fit_square

TOKENS_PER_PATCH = 1.62
BYTES_PER_TOKEN = 4
# A page of A4 or letter takes all the patches that a picture of its shape may have.
PAGE = (1240, 1754)


def estimate_image_tokens(width: int, height: int) -> int:
    """Return the tokens of a picture of so many pixels; at most 2,488."""
    return math.floor(count_patches(width, height) * TOKENS_PER_PATCH)


def estimate_low_detail_tokens(width: int, height: int) -> int:
    """Return those of a picture of so many pixels that is sent in low detail; at most 414."""
    return estimate_image_tokens(*fit_square((width, height), LOW_DETAIL))


def estimate_text_tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def estimate_pdf_tokens(text: str, pages: int) -> int:
    return estimate_text_tokens(text) + pages * estimate_image_tokens(*PAGE)
