"""What a serving process starts and stops: the apps register their parts of it.

A *service* is there before the first request and until the process ends, as the replies being
written are; a *worker* is a thread of background work, started after all services. What starts
first ends last.
"""

from collections.abc import Callable
from typing import Protocol

from chatsite.jobs import attempts


class Service(Protocol):
    """A part of the process with something to save when it ends."""

    def start(self) -> None: ...

    def finish(self) -> None:
        """End what is under way, while the workers still run."""

    def close(self) -> None:
        """Let go of what the workers needed to the last."""


class Worker(Protocol):
    """A thread that works for as long as the process serves."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


_services: list[Service] = []
_worker_factories: list[Callable[[], Worker]] = []
_workers: list[Worker] = []


def register_service(service: Service) -> None:
    """For apps; in their `ready()`."""
    _services.append(service)


def register_worker(make_worker: Callable[[], Worker]) -> None:
    """For apps; in their `ready()`. The worker is made when the process starts to serve."""
    _worker_factories.append(make_worker)


def start_workers() -> None:
    for service in _services:
        service.start()
    for make_worker in _worker_factories:
        worker = make_worker()
        worker.start()
        _workers.append(worker)


def stop_workers() -> None:
    attempts.stop_recording()
    for service in _services:
        service.finish()
    while _workers:
        _workers.pop().stop()
    for service in reversed(_services):
        service.close()
