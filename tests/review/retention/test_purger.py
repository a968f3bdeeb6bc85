"""The site purges by itself, but for an hour after somebody has changed what is deleted."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models.signals import post_delete
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from chatsite.jobs.failures import JobIncompleteError
from conversations.models import Conversation
from conversations.review.exports.services import RETENTION
from conversations.review.models import Export, RetentionRule
from conversations.review.retention import services as retention
from conversations.review.retention.purger import Purger
from tests.jobs.failing import deletion_refused
from tests.review.retention.rules import aged, an_hour_later, rule, titles

# The thread lets go of its connection, and with it of a transaction around the test.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_site_does_it_by_itself(alice: User) -> None:
    rule(1)
    an_hour_later()
    aged(alice, 10)
    assert Purger().purge() == 1
    assert not Conversation.objects.exists()


def test_it_waits_after_a_rule_was_changed(alice: User) -> None:
    rule(1)
    aged(alice, 10)
    assert Purger().purge() == 0
    assert Conversation.objects.exists()


def test_it_waits_after_a_rule_went_with_its_group(alice: User, bob: User) -> None:
    rule(1)
    rule(None, alice, name="Legal")
    an_hour_later()
    aged(alice, 10)
    Group.objects.get(name="Legal").delete()
    assert Purger().purge() == 0


def test_a_rule_that_is_changed_meanwhile_breaks_it_off(alice: User, bob: User) -> None:
    rule(1)
    an_hour_later()
    aged(alice, 10)
    aged(bob, 10)

    def change(**_signal: Any) -> None:
        RetentionRule.objects.update(changed_at=timezone.now())

    post_delete.connect(change, sender=Conversation)
    try:
        assert Purger().purge() == 1
    finally:
        post_delete.disconnect(change, sender=Conversation)


def test_it_stops_when_the_server_does() -> None:
    purger = Purger()
    purger.start()
    purger.stop()


# Groups


@pytest.fixture
def legal(alice: User, bob: User) -> Group:
    """alice's, which keeps for good; everybody else's goes. bob has something old as well."""
    rule(1)
    kept = rule(None, alice, name="Legal").group
    assert kept
    aged(alice, 10, "alice’s")
    aged(bob, 10, "bob’s")
    an_hour_later()
    return kept


def test_it_waits_for_whoever_was_taken_out_of_a_group(legal: Group, alice: User) -> None:
    alice.groups.remove(legal)
    assert Purger().purge() == 1
    assert titles() == {"alice’s"}


def test_and_deletes_an_hour_later(legal: Group, alice: User) -> None:
    alice.groups.remove(legal)
    an_hour_later()
    assert Purger().purge() == 2


def test_also_where_it_is_the_group_that_loses_its_members(legal: Group, alice: User) -> None:
    legal.user_set.clear()
    assert Purger().purge() == 1
    assert titles() == {"alice’s"}


def test_it_waits_for_whoever_was_put_into_a_group(legal: Group, alice: User, bob: User) -> None:
    rule(2, alice, name="Short")
    legal.user_set.remove(alice)
    an_hour_later()
    Group.objects.get(name="Short").user_set.add(bob)
    assert Purger().purge() == 1
    assert titles() == {"bob’s"}


def test_a_group_without_a_rule_makes_nothing_wait(legal: Group, bob: User) -> None:
    bob.groups.add(Group.objects.create(name="Choir"))
    assert Purger().purge() == 1


def test_what_changes_nothing_makes_nothing_wait(legal: Group, bob: User) -> None:
    """A provider’s claims set the role anew at each sign-in."""
    RetentionRule.objects.create(group=Group.objects.get(name=Role.USER), days=2)
    RetentionRule.objects.create(group=Group.objects.get(name=Role.REVIEWER), days=2)
    set_role(bob, Role.USER)
    an_hour_later()
    set_role(bob, Role.USER)
    legal.user_set.remove(bob)
    assert Purger().purge() == 1


def test_who_purges_by_command_waits_for_nothing(legal: Group, alice: User) -> None:
    alice.groups.remove(legal)
    assert sum(retention.purge_due(batch=10)) == 2


def test_an_old_export_that_can_not_be_deleted_holds_up_no_conversation(
    alice: User, ada: User
) -> None:
    rule(1)
    an_hour_later()
    aged(alice, 10)
    old = Export.objects.create(started_by=ada, created_at=timezone.now() - 2 * RETENTION)
    with deletion_refused(old), pytest.raises(JobIncompleteError, match="exports"):
        Purger().purge()
    assert not Conversation.objects.exists()
