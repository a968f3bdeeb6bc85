"""The app of the server: it has `manage.py serve`, and no models."""

from django.apps import AppConfig
from django.conf import settings


class ServerConfig(AppConfig):
    name = "chatsite.server"

    def ready(self) -> None:
        from chatsite.server import lifecycle

        if settings.METRICS_TOKEN:
            from chatsite.server.metrics.snapshots import SnapshotWriter

            lifecycle.register_worker(SnapshotWriter)
