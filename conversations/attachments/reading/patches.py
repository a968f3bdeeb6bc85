"""How large a picture the model looks at.

gpt-4.1-mini divides a picture into patches of 32 × 32 pixels. One that needs more than 1,536 of
them is scaled down first, by the rule that the provider's guide to images gives: what is sent
beyond that is thrown away there.
"""

from math import ceil, floor, sqrt

PATCH = 32
MAX_PATCHES = 1536
LOW_DETAIL = 512
"""Pixels of the longer side of a picture that is sent in low detail."""


def count_patches(width: int, height: int) -> int:
    """Return how many patches a picture is looked at in."""
    width, height = fit_patches(width, height)
    return ceil(width / PATCH) * ceil(height / PATCH)


def fit_square(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return the size at which a picture fits a square; it is never made larger."""
    factor = min(1, longest / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def fit_patches(width: int, height: int) -> tuple[int, int]:
    """Return the size to which the model scales a picture."""
    if ceil(width / PATCH) * ceil(height / PATCH) <= MAX_PATCHES:
        return width, height
    # No more of them lie in a row, as the rule forgets for a picture that is only a line.
    line = min(1, PATCH * MAX_PATCHES / max(width, height))
    width, height = ceil(width * line), ceil(height * line)
    shrink = sqrt(MAX_PATCHES * PATCH**2 / (width * height))
    # Whole patches along the side that loses the larger part of one.
    across, down = width * shrink / PATCH, height * shrink / PATCH
    shrink = min(1, shrink * min(max(1, floor(across)) / across, max(1, floor(down)) / down))
    return max(1, round(width * shrink)), max(1, round(height * shrink))
