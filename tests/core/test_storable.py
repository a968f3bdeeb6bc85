"""Texts as every database takes them."""

import pytest

from chatsite.core.storable import is_storable, to_storable_text


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("Nul\x00l", "Null"), ("Half \ud83d", "Half ?"), ("One\r\ntwo", "One\ntwo")],
)
def test_a_text_is_made_storable(sent: str, stored: str) -> None:
    assert to_storable_text(sent) == stored
    assert is_storable(stored)


@pytest.mark.parametrize("text", ["Nul\x00l", "Half \ud83d"])
def test_what_no_database_takes_is_told(text: str) -> None:
    assert not is_storable(text)
