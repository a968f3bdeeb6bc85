"""`manage.py serve`: check, prepare and announce, then become the server."""

import os
import signal
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import connections

from chatsite import env
from chatsite.core.links import make_absolute_url
from chatsite.core.parent_process import end_with_parent
from chatsite.s3 import configuration as s3
from chatsite.server import draining, error_reports
from chatsite.server.gunicorn_conf import HANGUP_RESTARTS
from chatsite.server.startup import LaunchError, data_dir, database, listener, several, static
from chatsite.server.startup.offline_model import OfflineModelProcess
from chatsite.server.startup.registry import NOTICES
from chatsite.server.tracing import exporter

WORKER_CLASSES = {
    "gevent": "chatsite.server.gevent_worker.GeventWorker",
    "gthread": "gthread",
}

# Seconds for what comes after the replies' grace: saving them, closing connections.
STOP_MARGIN = 10


class Command(BaseCommand):
    help = "Prepare the data folder, the database and the static files, then serve the site."
    # Some ask the database, which isn't there yet; `make lint` runs them all.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--die-with-parent",
            action="store_true",
            help="end at once when the process that started this one was killed (Linux only)",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if options["die_with_parent"]:
            end_with_parent(signal.SIGKILL)
        try:
            self.launch()
        except (LaunchError, ImproperlyConfigured) as error:
            if options["traceback"]:
                raise
            sys.exit(str(error))

    def launch(self) -> NoReturn:
        """Becomes the server, or leaves nothing behind."""
        worker_class = chosen_worker_class()
        count = several.count_processes()
        # What people said to the model is for no other user of the machine to read.
        os.umask(0o077)
        with ExitStack() as undo:
            data_dir.check_data_dir(settings.DATA_DIR)
            host = env.string("HOST", "127.0.0.1")
            listeners = listener.open_listeners(host, settings.PORT, count)
            for server in listeners:
                undo.callback(server.close)
            undo.callback(os.close, data_dir.lock_data_dir(settings.DATA_DIR))
            data_dir.keep_private(settings.DATA_DIR, database.database_file())
            offline_model = OfflineModelProcess() if OfflineModelProcess.is_needed() else None
            if offline_model:
                undo.callback(offline_model.stop)
            several.check_redis()
            error_reports.require_library()
            exporter.require_library()
            if settings.S3_BUCKET:
                s3.require_library()
            database_lock = database.prepare_database(settings.DATA_DIR, self.say)
            if database_lock is not None:
                undo.callback(os.close, database_lock)
            static.collect_static_files(self.say)
            if offline_model:
                os.environ |= {"AIMLAPI_BASE_URL": offline_model.base_url(), "OFFLINE_MODEL": "1"}
            self.announce(offline=offline_model is not None)
            become_gunicorn([server.fileno() for server in listeners], worker_class)

    def announce(self, *, offline: bool) -> None:
        self.say(make_absolute_url(""))
        if notice := several.find_notice():
            self.say(notice)
        for notices in NOTICES:
            for sentence in notices():
                self.say(sentence)
        if offline:
            self.say(
                "Replies come from the offline model, because AIMLAPI_API_KEY is not set. "
                "Set it and start again to talk to the real model."
            )

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def chosen_worker_class() -> str:
    name = env.string("WORKER_CLASS", "gevent")
    if name not in WORKER_CLASSES:
        raise LaunchError(f"WORKER_CLASS must be gevent or gthread, not {name!r}.")
    return name


def become_gunicorn(listeners: list[int], worker_class: str) -> NoReturn:
    """Replaces this process: the server is small, and gets signals and children first-hand."""
    connections.close_all()
    if settings.REDIS_URL and not sys.stdin.isatty():
        os.environ[HANGUP_RESTARTS] = "1"
    # It may have come from a file.
    os.environ[draining.SECONDS] = f"{settings.SHUTDOWN_DRAIN:g}"
    os.chdir(settings.BASE_DIR)
    os.execv(  # noqa: S606
        sys.executable,
        [
            *(sys.executable, "-m", "gunicorn"),
            "--config=python:chatsite.server.gunicorn_conf",
            *(f"--bind=fd://{listener}" for listener in listeners),
            f"--workers={len(listeners)}",
            f"--worker-class={WORKER_CLASSES[worker_class]}",
            f"--worker-connections={settings.MAX_CONNECTIONS}",
            f"--graceful-timeout={settings.SHUTDOWN_GRACE + STOP_MARGIN:.0f}",
        ],
    )
