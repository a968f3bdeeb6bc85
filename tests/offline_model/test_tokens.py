"""Text as tokens."""

from hypothesis import given
from hypothesis import strategies as st

from conversations.offline_model.tokens import split_tokens


@given(st.text())
def test_no_character_is_lost_between_tokens(text: str) -> None:
    assert "".join(split_tokens(text)) == text


@given(st.text(min_size=1))
def test_no_token_is_empty(text: str) -> None:
    assert all(split_tokens(text))


def test_a_word_takes_the_space_before_it_along() -> None:
    assert split_tokens("The tide, twice.\n\nNext") == [
        "The",
        " tide",
        ",",
        " twice",
        ".\n\n",
        "Next",
    ]
