"""Rules in the administration: what can't work is refused, with the reason."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Flag, Review, Rule
from conversations.review.rules import flagging
from tests.factories import add_message
from tests.views.html import Page, parse

ADD = "/admin/review/rule/add/"
WORDS = {"name": "Weapons", "kind": "words", "words": "bomb\n", "role": "", "is_active": "on"}


def change(rule: Rule) -> str:
    return f"/admin/review/rule/{rule.pk}/change/"


def errors(response: Any) -> list[str]:
    lists = [each for each in parse(response).all("ul") if "errorlist" in each["class"]]
    return [each.text.strip() for each in lists]


@pytest.fixture
def rule(db: None) -> Rule:
    return Rule.objects.create(name="Weapons", kind="words", text="bomb\nhand grenade")


def rows(page: Page) -> list[str]:
    return [each.text for each in page.all("tr")]


@pytest.mark.parametrize(
    ("form", "text", "threshold"),
    [
        ({"kind": "words", "words": " bomb \r\n\r\nhand grenade"}, "bomb\nhand grenade", None),
        ({"kind": "pattern", "pattern": r" \bbomb\b"}, r" \bbomb\b", None),
        ({"kind": "cost", "cost": "0.25"}, "", Decimal("0.25")),
        ({"kind": "length", "length": "4000"}, "", Decimal(4000)),
        ({"kind": "length", "length": "0", "words": "of another kind"}, "", Decimal(0)),
    ],
)
def test_a_rule_of_each_kind_is_made(
    ada_client: Client, form: dict[str, str], text: str, threshold: Decimal | None
) -> None:
    response = ada_client.post(ADD, WORDS | {"words": ""} | form)
    assert response.status_code == 302, errors(response)
    rule = Rule.objects.get()
    assert (rule.text, rule.threshold, rule.is_active) == (text, threshold, True)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"words": " \n"}, "Write at least one word."),
        ({"kind": "pattern"}, "Write an expression."),
        ({"kind": "pattern", "pattern": "("}, "The expression can’t be used: missing ): (."),
        ({"kind": "pattern", "pattern": "(?<=a)b"}, "look-behind aren’t possible here"),
        ({"kind": "pattern", "pattern": r"(a)\1"}, "Back references aren’t possible here"),
        ({"kind": "pattern", "pattern": "a*"}, "matches every message"),
        ({"kind": "cost"}, "Write a number, 0 or more."),
        ({"kind": "cost", "cost": "-1"}, "greater than or equal to 0"),
        ({"kind": "cost", "cost": "NaN"}, "Enter a number."),
        ({"kind": "cost", "cost": "1e99"}, "no more than"),
        ({"kind": "length", "length": "-1"}, "greater than or equal to 0"),
        ({"kind": "length", "length": "1.5"}, "Enter a whole number."),
        ({"kind": "length", "length": "9" * 30}, "less than or equal to"),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"words": "a\x00b"}, "Null characters are not allowed."),
        ({"words": "a" * 4001}, "at most 4000 characters"),
    ],
)
def test_what_can_not_work_is_refused(
    ada_client: Client, form: dict[str, str], sentence: str
) -> None:
    response = ada_client.post(ADD, WORDS | form)
    assert response.status_code == 200
    assert sentence in " ".join(errors(response))
    assert not Rule.objects.exists()


def test_what_was_typed_stays_beside_the_error(ada_client: Client) -> None:
    response = ada_client.post(ADD, WORDS | {"kind": "pattern", "pattern": "(?<=a)b"})
    assert parse(response).by_id("id_pattern").text.strip() == "(?<=a)b"


def test_two_rules_of_one_name_are_refused(ada_client: Client, rule: Rule) -> None:
    assert "already exists" in " ".join(errors(ada_client.post(ADD, WORDS)))


@pytest.mark.parametrize(
    ("kind", "text", "threshold", "field", "shown"),
    [
        ("words", "bomb\nknife", None, "id_words", "bomb\nknife"),
        ("pattern", r"\bx", None, "id_pattern", r"\bx"),
        ("cost", "", "0.25", "id_cost", "0.250000"),
        ("length", "", "4000", "id_length", "4000"),
    ],
)
def test_its_own_field_shows_what_it_looks_for(
    ada_client: Client, kind: str, text: str, threshold: str | None, field: str, shown: str
) -> None:
    rule = Rule.objects.create(
        name="A", kind=kind, text=text, threshold=Decimal(threshold) if threshold else None
    )
    element = parse(ada_client.get(change(rule))).by_id(field)
    assert (element.attributes.get("value") or element.text.strip()) == shown


def test_another_kind_forgets_what_the_first_looked_for(ada_client: Client, rule: Rule) -> None:
    ada_client.post(change(rule), WORDS | {"kind": "length", "length": "9"})
    rule.refresh_from_db()
    assert (rule.kind, rule.text, rule.threshold) == ("length", "", Decimal(9))


def test_a_rule_of_cost_is_of_replies(ada_client: Client) -> None:
    ada_client.post(ADD, WORDS | {"kind": "cost", "cost": "1", "role": "user"})
    assert Rule.objects.get().role == ""


def test_the_list_says_what_each_looks_for(ada_client: Client, rule: Rule) -> None:
    Rule.objects.create(name="Dear", kind="cost", threshold=Decimal("0.250000"), is_active=False)
    shown = " ".join(rows(parse(ada_client.get("/admin/review/rule/"))))
    assert "bomb, hand grenade" in shown
    assert "over $0.25" in shown


def test_a_rule_that_was_switched_off_by_itself_says_why(ada_client: Client, rule: Rule) -> None:
    Rule.objects.update(is_active=False, fault="It took too long.")
    listed = parse(ada_client.get("/admin/review/rule/")).text
    assert "Switched off by itself: It took too long." in listed
    assert "It took too long." in parse(ada_client.get(change(rule))).text


def test_saving_it_again_forgives(ada_client: Client, rule: Rule) -> None:
    Rule.objects.update(is_active=False, fault="It took too long.")
    ada_client.post(change(rule), WORDS)
    rule.refresh_from_db()
    assert (rule.is_active, rule.fault) == (True, "")


@pytest.mark.parametrize("at_once", [False, True])
def test_a_rule_goes_with_its_flags_and_the_queue_knows(
    ada_client: Client, rule: Rule, conversation: Conversation, at_once: bool
) -> None:
    add_message(conversation, role="user", text="A bomb?")
    worker.process_outbox()
    assert Review.objects.get().flag_count == 1
    if at_once:
        form = {"action": "delete_selected", "_selected_action": str(rule.pk), "post": "yes"}
        ada_client.post("/admin/review/rule/", form)
    else:
        page = parse(ada_client.get(f"/admin/review/rule/{rule.pk}/delete/"))
        assert "Flags: 1" in page.text
        ada_client.post(f"/admin/review/rule/{rule.pk}/delete/", {"post": "yes"})
    assert (Rule.objects.count(), Flag.objects.count()) == (0, 0)
    while flagging.remove_deleted_rules():
        pass
    assert (Rule.all_objects.count(), Flag.all_objects.count()) == (0, 0)
    assert Review.objects.get().flag_count == 0


def test_reviewers_have_no_rules(rita_client: Client, rule: Rule) -> None:
    assert rita_client.get("/admin/review/rule/").status_code == 403
    assert rita_client.get(change(rule)).status_code == 403
