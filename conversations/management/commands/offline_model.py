"""`manage.py offline_model`: run the offline model as a process of its own."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError

from chatsite.core.parent_process import end_with_parent
from conversations.offline_model import OfflineModel
from conversations.offline_model.faults import Shape


class Command(BaseCommand):
    help = "Run the offline model. Prints its base URL when it is ready."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=0, help="0, the default: any free port")
        parser.add_argument(
            "--rate", type=float, default=50, help="tokens a second (50); 0: as fast as possible"
        )
        parser.add_argument(
            "--tokens", type=int, help="length of every reply; without it: natural replies"
        )
        parser.add_argument(
            "--shape",
            choices=get_args(Shape.__value__),
            default="prose",
            help="what replies of a given length are made of",
        )
        parser.add_argument(
            "--die-with-parent",
            action="store_true",
            help="end when the process that started this one ends (Linux only)",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if options["die_with_parent"]:
            end_with_parent(signal.SIGTERM)
        model = OfflineModel(
            rate=options["rate"],
            tokens=options["tokens"],
            shape=options["shape"],
            host=options["host"],
            port=options["port"],
            record=False,
        )
        try:
            model.start()
        except OSError as error:
            raise CommandError(f"Can’t listen on port {options['port']}: {error}") from error
        # A parent that died before this was set up reads no line: printing it then ends us.
        self.stdout.write(model.base_url)
        self.stdout.flush()
        stop.wait()
        model.close()
