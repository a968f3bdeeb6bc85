"""Retention: what is due by which rule, and that nothing else is deleted."""

from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.jobs.failures import JobIncompleteError
from conversations.models import Conversation, Message
from conversations.offline_model import OfflineModel
from conversations.outbox import worker
from conversations.review.models import RetentionRule, Review
from conversations.review.retention import holds
from conversations.review.retention import services as retention
from tests.factories import add_message, add_pending_reply, make_conversation
from tests.jobs.failing import deletion_refused
from tests.review.retention.rules import aged, rule, titles
from tests.services.writing import at_once, send
from tests.traces import files_with, tables_with
from tests.views.html import Page, parse

URL = "/admin/review/retentionrule/"


def purge(batch: int = 10) -> int:
    return sum(retention.purge_due(batch=batch))


# What is due


def test_without_a_rule_everything_stays(alice: User) -> None:
    aged(alice, 10_000)
    assert purge() == 0


def test_what_is_older_goes(alice: User) -> None:
    rule(30)
    aged(alice, 31, "old")
    aged(alice, 29, "new")
    assert purge() == 1
    assert titles() == {"new"}
    assert Message.objects.count() == 2


def test_a_rule_without_days_keeps_for_good(alice: User) -> None:
    rule(None)
    aged(alice, 10_000)
    assert purge() == 0


def test_a_groups_rule_takes_the_place_of_everybodys(alice: User, bob: User) -> None:
    rule(30)
    rule(90, alice)
    aged(alice, 60, "alice’s")
    aged(bob, 60, "bob’s")
    purge()
    assert titles() == {"alice’s"}


def test_also_where_it_is_shorter(alice: User, bob: User) -> None:
    rule(None)
    rule(7, alice)
    aged(alice, 10, "alice’s")
    aged(bob, 10, "bob’s")
    purge()
    assert titles() == {"bob’s"}


def test_of_several_groups_the_longest_wins(alice: User, bob: User) -> None:
    rule(7, alice, bob, name="Short")
    rule(30, alice, name="Long")
    aged(alice, 10, "alice’s")
    aged(alice, 40, "alice’s old")
    aged(bob, 10, "bob’s")
    purge()
    assert titles() == {"alice’s"}


def test_for_good_is_the_longest(alice: User) -> None:
    rule(7, alice, name="Short")
    rule(None, alice, name="Archive")
    aged(alice, 10_000)
    assert purge() == 0


def test_more_days_than_there_ever_were_delete_nothing(alice: User) -> None:
    rule(2_147_483_647)
    aged(alice, 10_000)
    assert purge() == 0


def test_what_is_held_stays(alice: User, ada: User) -> None:
    rule(1)
    holds.put_hold(conversation=aged(alice, 10), reason="A case.", by=ada)
    assert purge() == 0
    assert retention.held_conversations().count() == 1


def test_what_is_being_replied_to_stays(alice: User) -> None:
    rule(1)
    talk = aged(alice, 10)
    add_pending_reply(Conversation.objects.get(pk=talk.pk))
    assert purge() == 0


def test_all_go_in_small_batches(alice: User, bob: User) -> None:
    rule(1)
    for owner in (alice, bob):
        for _ in range(5):
            aged(owner, 10)
    assert list(retention.purge_due(batch=2)) == [2, 2, 1, 2, 2, 1]


def test_a_second_time_finds_nothing(alice: User) -> None:
    rule(1)
    aged(alice, 10)
    assert (purge(), purge()) == (1, 0)


# While others work


@pytest.mark.django_db(transaction=True)
def test_two_at_once_delete_each_once(alice: User, bob: User) -> None:
    rule(1)
    for owner in (alice, bob):
        for _ in range(12):
            aged(owner, 10)
    kept = make_conversation(alice, "Hello")
    done = at_once(*[partial(purge, 3)] * 3)
    assert sum(count for count in done if isinstance(count, int)) == 24
    assert Conversation.objects.get() == kept


def test_what_is_written_to_meanwhile_stays(alice: User) -> None:
    rule(1)
    aged(alice, 10, "first")
    aged(alice, 10, "second")
    purging = retention.purge_due(batch=1)
    next(purging)
    Conversation.objects.update(last_activity_at=timezone.now())
    assert list(purging) == []
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_sent_at_the_same_moment_is_in_a_conversation_or_refused(
    alice: User, model: OfflineModel
) -> None:
    rule(1)
    talks = [aged(alice, 10) for _ in range(3)]
    for talk in talks:
        sent, purged = at_once(partial(send, talk, "Still here?", token="now"), purge)
        assert isinstance(purged, int)
        assert isinstance(sent, Exception) != Message.objects.filter(text="Still here?").exists()
        Conversation.objects.filter(pk=talk.pk).delete()


# Nothing is left


@pytest.mark.django_db(transaction=True)
def test_the_text_is_gone_from_everywhere(alice: User) -> None:
    rule(1)
    talk = aged(alice, 10, "Quincunx")
    add_message(talk, role="user", text="A quincunx " * 500)
    worker.process_outbox()
    assert purge() == 1
    worker.process_outbox()
    assert retention.clean_up()
    assert tables_with(["quincunx"]) == set()
    assert not Review.objects.exists()
    if connection.vendor == "sqlite":
        folder = Path(str(connection.settings_dict["NAME"])).parent
        assert files_with(folder, ["quincunx"]) == set()


# The page


def test_the_page_says_how_many_each_rule_would_delete(
    ada_client: Client, alice: User, bob: User
) -> None:
    rule(30)
    rule(7, alice)
    aged(alice, 10)
    aged(bob, 40)
    aged(bob, 50)
    page = parse(ada_client.get(URL))
    assert cells(page, "field-kept_for") == ["30 days", "7 days"]
    assert cells(page, "field-due_now") == ["2", "1"]


def cells(page: Page, name: str) -> list[str]:
    return [cell.text for cell in page.all("td", **{"class": name})]


def test_who_sets_a_time_is_told_what_it_means(ada_client: Client, alice: User) -> None:
    aged(alice, 40)
    page = parse(ada_client.post(f"{URL}add/", {"group": "", "days": "30"}, follow=True))
    assert "1 conversation is older than that" in page.text
    assert RetentionRule.objects.get().days == 30


def test_a_second_rule_for_everybody_is_refused(ada_client: Client) -> None:
    rule(30)
    response = ada_client.post(f"{URL}add/", {"group": "", "days": "60"})
    assert "There is a rule for everybody already" in parse(response).text
    assert RetentionRule.objects.get().days == 30


@pytest.mark.parametrize("days", ["0", "-1", "many", "9" * 30])
def test_days_that_are_none_are_refused(ada_client: Client, days: str) -> None:
    ada_client.post(f"{URL}add/", {"group": "", "days": days})
    assert not RetentionRule.objects.exists()


def test_the_page_takes_few_queries(
    ada_client: Client, alice: User, django_assert_max_num_queries: object
) -> None:
    rule(30)
    for number in range(3):
        rule(7, alice, name=f"Group {number}")
    ada_client.get(URL)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        ada_client.get(URL)


def test_what_can_not_be_deleted_holds_up_no_other(alice: User, bob: User) -> None:
    rule(30)
    refused = [aged(alice, 50, "First"), aged(alice, 40, "Second")]
    aged(alice, 45)
    aged(bob, 50)
    with deletion_refused(*refused), pytest.raises(JobIncompleteError, match="2 more failed"):
        purge()
    assert titles() == {"First", "Second"}
