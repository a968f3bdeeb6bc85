"""What a file counts before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.attachments.tokens import (
    estimate_image_tokens,
    estimate_pdf_tokens,
    estimate_text_tokens,
)

SIDES = st.integers(min_value=1, max_value=20_000)


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    # The second is the provider's own example, the third a picture of low detail.
    [(1024, 1024, 1658), (1800, 2400, 2352), (512, 512, 414), (1, 1, 1)],
)
def test_a_picture_counts_by_its_patches(width: int, height: int, tokens: int) -> None:
    assert estimate_image_tokens(width, height) == tokens


@given(SIDES, SIDES)
def test_no_picture_counts_more_than_the_model_looks_at(width: int, height: int) -> None:
    assert 0 < estimate_image_tokens(width, height) <= 2488


def test_a_text_counts_a_token_for_four_bytes() -> None:
    assert estimate_text_tokens("Grüße") == 2


def test_a_pdf_counts_its_text_and_a_picture_of_each_page() -> None:
    assert estimate_pdf_tokens("word" * 100, 2) == 100 + 2 * estimate_pdf_tokens("", 1)
