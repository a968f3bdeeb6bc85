"""The app of the server: it has `manage.py serve`, and no models."""

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import pre_migrate


class ServerConfig(AppConfig):
    name = "chatsite.server"

    def ready(self) -> None:
        from chatsite.redis import local_copies
        from chatsite.redis.link import LinkService, register_handler
        from chatsite.s3.checking import BucketService
        from chatsite.server import lifecycle
        from chatsite.server.heartbeat import HeartbeatService
        from chatsite.server.startup.snapshots import save_before_migrations

        pre_migrate.connect(save_before_migrations)
        # Before all that others register: it is there until they have ended.
        lifecycle.register_service(HeartbeatService())
        lifecycle.register_service(LinkService())
        register_handler(local_copies.FORGET, local_copies.forget_own_copy)
        lifecycle.register_service(BucketService())
        if settings.METRICS_TOKEN:
            from chatsite.server.metrics.snapshots import SnapshotWriter

            lifecycle.register_worker(SnapshotWriter)
