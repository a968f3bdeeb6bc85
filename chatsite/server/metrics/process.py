"""What a process says of itself, whatever it serves."""

import platform
from collections.abc import Iterable

import django
from django.conf import settings
from django.db import connection
from prometheus_client import Gauge, Info, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from chatsite.server import admission_queue
from chatsite.server.metrics.registry import Metrics
from chatsite.version import read_version


class PoolCollector(Collector):
    """The pool of connections to PostgreSQL; SQLite has none."""

    def collect(self) -> Iterable[Metric]:
        pool = getattr(connection, "pool", None)
        if pool is None:
            return
        stats = pool.get_stats()
        gauge = GaugeMetricFamily(
            "chatsite_database_pool_connections",
            "Connections to the database: in use, or free.",
            labels=["state"],
        )
        free = stats.get("pool_available", 0)
        gauge.add_metric(["used"], stats.get("pool_size", 0) - free)
        gauge.add_metric(["free"], free)
        yield gauge
        waiting = stats.get("requests_waiting", 0)
        yield GaugeMetricFamily(
            "chatsite_database_pool_waiting", "Who waits for a connection right now.", waiting
        )
        yield CounterMetricFamily(
            "chatsite_database_pool_errors",
            "Times that no connection was to be had.",
            stats.get("requests_errors", 0),
        )


def add_metrics(metrics: Metrics) -> None:
    registry = metrics.process
    ProcessCollector(registry=registry)
    registry.register(PoolCollector())
    queue = Gauge(
        "chatsite_admission_queue_length",
        "Messages that have come in and are not taken yet.",
        registry=registry,
    )
    queue.set_function(admission_queue.count_queued)
    build = Info("chatsite_build", "What is running.", registry=registry)
    build.info(
        {
            "version": read_version(settings.BASE_DIR / "CHANGELOG.md"),
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": connection.vendor,
        }
    )
