"""The page of what one has used, for its user and in the administration."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.budgets.usage import build_usage_report, format_dollars
from chatsite.accounts.models import Limit, UsageDay, User
from tests.views.html import Page, parse

URL = "/accounts/usage/"


def use(user: User, *, ago: int = 0, tokens: int = 300, usd: str = "0.0125") -> UsageDay:
    """Two messages; a third of the tokens were written."""
    return UsageDay.objects.create(
        user=user,
        day=timezone.localdate() - timedelta(days=ago),
        messages=2,
        prompt_tokens=tokens - tokens // 3,
        completion_tokens=tokens // 3,
        cost_usd=Decimal(usd),
    )


def words(page: Page) -> str:
    return " ".join(page.by_id("main").text.split())


def cells(page: Page) -> list[str]:
    return [cell.text for cell in page.all("td") if "number" in cell.attributes.get("class", "")]


def test_before_anything_is_used_it_says_what_will_be_here(alice_client: Client) -> None:
    page = parse(alice_client.get(URL))
    assert "Nothing was used in the last 30 days." in words(page)
    assert not page.all("table")
    assert not page.all("figure")


def test_the_table_has_the_days_numbers_and_their_sum(alice_client: Client, alice: User) -> None:
    use(alice)
    use(alice, ago=3, tokens=30_000)
    rows = ["2", "200", "100", "300", "$0.0125"], ["2", "20,000", "10,000", "30,000", "$0.0125"]
    together = ["4", "20,200", "10,100", "30,300", "$0.0250"]
    assert cells(parse(alice_client.get(URL))) == [*rows[0], *rows[1], *together]


def test_each_day_has_a_bar_with_the_tables_numbers(alice_client: Client, alice: User) -> None:
    day = use(alice).day
    titles = [title.text for title in parse(alice_client.get(URL)).all("title")][1:]
    assert len(titles) == 2 * 30
    assert titles[29] == f"{day.day} {day:%B}: 300 tokens"
    assert titles[59] == f"{day.day} {day:%B}: $0.0125"
    assert titles[28].endswith(": 0 tokens")


def test_days_before_the_last_thirty_are_not_shown(alice_client: Client, alice: User) -> None:
    use(alice, ago=30)
    assert "Nothing was used" in words(parse(alice_client.get(URL)))


def test_others_usage_is_not_shown(alice_client: Client, bob: User) -> None:
    use(bob)
    assert "Nothing was used" in words(parse(alice_client.get(URL)))


def test_what_is_used_of_the_limits_is_said_in_words(alice_client: Client, alice: User) -> None:
    Limit.objects.create(tokens_per_day=1_000, usd_per_month=5, messages_per_minute=1)
    use(alice, tokens=810, usd="0.50")
    text = words(parse(alice_client.get(URL)))
    assert "81 % of the day’s 1,000 tokens used. Resets tomorrow at 00:00." in text
    assert "10 % of the month’s $5.00 used. Resets on 1 " in text
    assert "At most 1 message a minute can be sent." in text


def test_a_limit_that_is_gone_over_is_shown_as_full(alice_client: Client, alice: User) -> None:
    Limit.objects.create(tokens_per_day=100)
    use(alice, tokens=810)
    assert parse(alice_client.get(URL)).all("progress")[0]["value"] == "100"


def test_a_budget_of_zero_is_said(alice_client: Client, alice: User) -> None:
    Limit.objects.create(tokens_per_day=0)
    assert "The budget is zero." in words(parse(alice_client.get(URL)))


def test_it_needs_no_style_that_the_policy_forbids(alice_client: Client, alice: User) -> None:
    use(alice)
    page = parse(alice_client.get(URL))
    assert not [element for element in page.elements if "style" in element.attributes]
    assert not page.all("style")


def test_it_is_one_of_the_account_pages(alice_client: Client) -> None:
    assert parse(alice_client.get(URL)).one("a", href=URL)["aria-current"] == "page"


def test_a_day_of_another_zone_is_shown_too(alice: User) -> None:
    use(alice, ago=-1)
    report = build_usage_report(alice)
    assert report.days[-1].tokens == 300
    assert report.today.tokens == 300
    assert len(report.days) == 30


def test_today_and_the_month_are_added_up(alice: User) -> None:
    today = timezone.localdate()
    use(alice)
    use(alice, ago=today.day)  # the last day of the month before
    report = build_usage_report(alice)
    assert report.today.tokens == report.month.tokens == 300


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "$0.00"),
        ("0.00001", "less than $0.0001"),
        ("0.01234", "$0.0123"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_dollars_in_words(amount: str, words: str) -> None:
    assert format_dollars(Decimal(amount)) == words


# In the administration


def test_administrators_see_the_same_of_everybody(ada_client: Client, alice: User) -> None:
    use(alice)
    page = parse(ada_client.get(f"/admin/accounts/usageday/of/{alice.pk}/"))
    assert "Usage of alice" in page.text
    assert cells(page)[:5] == ["2", "200", "100", "300", "$0.0125"]
    assert len(page.all("figure")) == 2


def test_a_users_page_leads_there(ada_client: Client, alice: User) -> None:
    page = parse(ada_client.get(f"/admin/accounts/user/{alice.pk}/change/"))
    assert page.one("a", href=f"/admin/accounts/usageday/of/{alice.pk}/").text == "Usage"


def test_the_usage_of_nobody_is_not_found(ada_client: Client) -> None:
    assert ada_client.get("/admin/accounts/usageday/of/0/").status_code == 404


def test_usage_is_listed_with_that_of_erased_users(ada_client: Client, alice: User) -> None:
    use(alice)
    UsageDay.objects.create(day=timezone.localdate(), messages=7)
    text = parse(ada_client.get("/admin/accounts/usageday/")).text
    assert "alice" in text
    assert "Erased users" in text


def test_usage_is_found_by_user(ada_client: Client, alice: User, bob: User) -> None:
    use(alice)
    use(bob)
    page = parse(ada_client.get("/admin/accounts/usageday/", {"q": "bob"}))
    assert [row.text for row in page.all("td", **{"class": "field-used_by"})] == ["bob"]


def test_usage_is_read_only(ada_client: Client, alice: User) -> None:
    day = use(alice)
    url = f"/admin/accounts/usageday/{day.pk}/"
    assert ada_client.post(f"{url}change/", {"messages": 0}).status_code == 403
    assert ada_client.post(f"{url}delete/", {"post": "yes"}).status_code == 403


def test_the_administrations_list_rounds_what_days_cost(ada_client: Client, alice: User) -> None:
    alice.usage.create(day=timezone.localdate(), cost_usd="0.01054580")
    assert "$0.0105<" in ada_client.get("/admin/accounts/usageday/").content.decode()
