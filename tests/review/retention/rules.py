"""Old conversations, rules of retention for their owners, and what is left of them."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import Regrouping, RetentionRule
from conversations.review.retention.purger import INTERVAL
from tests.factories import make_conversation


def aged(owner: User, days: float, title: str = "Greetings") -> Conversation:
    talk = make_conversation(owner, "Hello", "Hi", title=title)
    moment = timezone.now() - timedelta(days=days)
    Conversation.objects.filter(pk=talk.pk).update(last_activity_at=moment)
    return talk


def rule(days: int | None, *members: User, name: str = "Sales") -> RetentionRule:
    """Of a group with these members; of everybody without any."""
    group = None
    if members:
        group = Group.objects.create(name=name)
        group.user_set.add(*members)
    return RetentionRule.objects.create(group=group, days=days)


def titles() -> set[str]:
    return set(Conversation.objects.values_list("title", flat=True))


def an_hour_later() -> None:
    """For all that was changed until now."""
    RetentionRule.objects.update(changed_at=timezone.now() - 2 * INTERVAL)
    Regrouping.objects.update(changed_at=timezone.now() - 2 * INTERVAL)
