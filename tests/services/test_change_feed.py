"""The change feed: who is told of what."""

import contextlib

import pytest
from django.db import transaction

from chatsite.accounts.models import User
from conversations.services.change_feed import feed, publish_change


class UndoneError(Exception):
    """Rolls a transaction back."""


def test_a_change_wakes_who_follows_it(alice: User) -> None:
    with feed.follow(alice.pk) as follower:
        feed.publish(alice.pk, is_list=True)
        assert follower.wait(0)


def test_nobody_is_woken_by_the_changes_of_others(alice: User, bob: User) -> None:
    with feed.follow(alice.pk) as follower:
        feed.publish(bob.pk, is_list=True)
        assert not follower.wait(0)


def test_a_change_is_told_once(alice: User) -> None:
    with feed.follow(alice.pk) as follower:
        feed.publish(alice.pk, is_list=True)
        assert follower.wait(0)
        assert not follower.wait(0)


def test_only_changes_of_what_is_listed_are_counted(alice: User) -> None:
    with feed.follow(alice.pk) as follower:
        feed.publish(alice.pk, is_list=False)
        assert follower.list_changes == 0
        feed.publish(alice.pk, is_list=True)
        assert follower.list_changes == 1


def test_who_has_gone_is_forgotten(alice: User) -> None:
    with feed.follow(alice.pk) as first, feed.follow(alice.pk):
        pass
    feed.publish(alice.pk, is_list=True)
    assert not first.wait(0)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_once_it_is_saved(alice: User) -> None:
    with feed.follow(alice.pk) as follower, transaction.atomic():
        publish_change(alice.pk)
        assert not follower.wait(0)
    assert follower.wait(0)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_is_not_told(alice: User) -> None:
    with feed.follow(alice.pk) as follower:
        with contextlib.suppress(UndoneError), transaction.atomic():
            publish_change(alice.pk)
            raise UndoneError
        assert not follower.wait(0)
