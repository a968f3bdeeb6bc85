"""Days and users in the filters of all lists: one calendar, one sentence for an unknown user."""

import pytest
from django.test import Client

LISTS = {
    "the queue": "/admin/review/review/?since={day}&until={day}",
    "search": "/admin/review/review/search/?q=needle&since={day}&until={day}",
    "the access log": "/admin/review/accessentry/?since={day}&until={day}",
    "the dashboard": "/admin/review/siteday/?days=custom&begin={day}&end={day}",
}
USERS = {
    "the queue": "/admin/review/review/?user={name}",
    "search": "/admin/review/review/search/?q=needle&user={name}",
    "who did it, in the access log": "/admin/review/accessentry/?who={name}",
    "whose words, in the access log": "/admin/review/accessentry/?whose={name}",
}
OUT_OF_RANGE = "Choose a day between the years 1900 and 2999."
NO_DAY = "Enter a day as year-month-day, such as 2026-03-31."

every_list = pytest.mark.parametrize("page", LISTS.values(), ids=list(LISTS))
every_user_filter = pytest.mark.parametrize("page", USERS.values(), ids=list(USERS))


def asked(client: Client, page: str, **values: str) -> str:
    response = client.get(page.format(**values))
    assert response.status_code in (200, 422)
    return response.content.decode()


@every_list
@pytest.mark.parametrize("day", ["1900-01-01", "1995-01-01", "2024-02-29", "2999-12-31"])
def test_every_day_of_the_calendar_can_be_asked_for(
    ada_client: Client, page: str, day: str
) -> None:
    text = asked(ada_client, page, day=day)
    assert OUT_OF_RANGE not in text
    assert NO_DAY not in text


@every_list
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_beyond_it_gets_a_sentence(ada_client: Client, page: str, day: str) -> None:
    assert OUT_OF_RANGE in asked(ada_client, page, day=day)


@every_list
@pytest.mark.parametrize("day", ["2026-02-30", "31.03.2026", "%00", "soon"])
def test_what_is_no_day_gets_a_sentence(ada_client: Client, page: str, day: str) -> None:
    assert NO_DAY in asked(ada_client, page, day=day)


@every_user_filter
def test_who_sees_names_is_told_that_there_is_nobody_of_a_name(
    ada_client: Client, page: str
) -> None:
    assert "There is no user called “nobody”." in asked(ada_client, page, name="nobody")


@pytest.mark.parametrize("page", [USERS["the queue"], USERS["search"]], ids=["the queue", "search"])
def test_who_sees_no_names_is_told_what_a_pseudonym_is(rita_client: Client, page: str) -> None:
    sentence = "“alice” is no pseudonym: they have eight letters and digits."
    assert sentence in asked(rita_client, page, name="alice")
