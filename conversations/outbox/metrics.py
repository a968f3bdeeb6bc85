"""How far the outbox is behind, for `/metrics/`."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from chatsite.server.metrics.registry import Metrics
from conversations.outbox.models import Change


class OutboxCollector(Collector):
    def describe(self) -> Iterable[Metric]:
        """Nothing, so that registering it doesn't ask the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        waiting = Change.objects.aggregate(size=Count("id"), oldest=Min("created_at"))
        oldest = waiting["oldest"]
        age = (timezone.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily(
            "chatsite_outbox_events", "Events that wait to be processed.", waiting["size"]
        )
        yield GaugeMetricFamily(
            "chatsite_outbox_oldest_event_age_seconds",
            "Age of the oldest event that waits; 0 where none does.",
            max(age, 0),
        )


def add_metrics(metrics: Metrics) -> None:
    metrics.site.register(OutboxCollector())
