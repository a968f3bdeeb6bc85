"""About how many tokens the model reads of a file: known before it is sent.

A picture is read in patches of 32 × 32 pixels, each 1.62 tokens of gpt-4.1-mini; what has more than
1,536 patches is scaled down first (OpenAI, "Images and vision", Calculating costs, 2026). A page of
a PDF is its text and a picture.
"""

import math

PATCH = 32  # px
MOST_PATCHES = 1536
TOKENS_PER_PATCH = 1.62
BYTES_PER_TOKEN = 4
# A page of A4 or letter takes all the patches that a picture of its shape may have.
PAGE = (1240, 1754)


def estimate_image_tokens(width: int, height: int) -> int:
    """Return the tokens of a picture of so many pixels; at most 2,488."""
    width, height = fit_patches(width, height)
    return math.floor(count_patches(width, height) * TOKENS_PER_PATCH)


def fit_patches(width: int, height: int) -> tuple[int, int]:
    """Return the size at which the model reads a picture: unchanged if that is small enough."""
    if count_patches(width, height) <= MOST_PATCHES:
        return width, height
    scale = math.sqrt(PATCH**2 * MOST_PATCHES / (width * height))
    columns, rows = width * scale / PATCH, height * scale / PATCH
    # So that the side which is cut to whole patches is the one that loses least.
    scale *= min(math.floor(columns) / columns, math.floor(rows) / rows)
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def count_patches(width: int, height: int) -> int:
    return math.ceil(width / PATCH) * math.ceil(height / PATCH)


def estimate_text_tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def estimate_pdf_tokens(text: str, pages: int) -> int:
    return estimate_text_tokens(text) + pages * estimate_image_tokens(*PAGE)
