"""How large a picture the model looks at."""

import pytest

from conversations.attachments.reading.patches import count_patches, fit_patches


def test_the_providers_own_example_comes_out_as_there() -> None:
    assert fit_patches(1800, 2400) == (1056, 1408)
    assert count_patches(1800, 2400) == 33 * 44


@pytest.mark.parametrize("size", [(1, 1), (1024, 1024), (1536, 1024), (32, 49_152)])
def test_a_picture_of_few_patches_keeps_its_size(size: tuple[int, int]) -> None:
    assert fit_patches(*size) == size


@pytest.mark.parametrize(
    "size", [(1536, 1025), (4000, 1474), (2049, 2049), (100_000, 31), (3, 2**20), (8000, 8000)]
)
def test_no_picture_takes_more_patches_than_the_most(size: tuple[int, int]) -> None:
    assert 0 < count_patches(*size) <= 1536
