"""What is told of the outbox: how much of it waits, and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from conversations.models import Conversation
from conversations.outbox import worker
from conversations.outbox.models import Change
from tests.server.metrics.scraping import TOKEN, read_sample

AGE = "chatsite_outbox_oldest_event_age_seconds"


@pytest.fixture(autouse=True)
def metrics(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def test_events_that_wait_are_counted(conversation: Conversation) -> None:
    assert read_sample("chatsite_outbox_events") == Change.objects.count() > 0


def test_the_oldest_event_tells_how_far_it_is_behind(conversation: Conversation) -> None:
    oldest = Change.objects.earliest("pk")
    assert read_sample(AGE) < 60
    Change.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert read_sample(AGE) == pytest.approx(3600, abs=60)


def test_an_outbox_that_is_empty_is_not_behind(conversation: Conversation) -> None:
    worker.process_outbox()
    assert (read_sample("chatsite_outbox_events"), read_sample(AGE)) == (0, 0)
