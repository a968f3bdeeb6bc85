"""The metrics of this process, and the modules of apps that add theirs."""

import functools
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_modules = ["chatsite.server.metrics.process"]


@dataclass(frozen=True)
class Metrics:
    """`process`: what each process has its own of. `site`: what is read from the database, and the
    same whichever process reads it.
    """

    process: "CollectorRegistry"
    site: "CollectorRegistry"


def register_module(name: str) -> None:
    """For apps; in their `ready()`. The module's `add_metrics(metrics)` is called once, where
    metrics are wanted; before that it isn't imported.
    """
    _modules.append(name)


@functools.cache
def get_metrics() -> Metrics:
    """Return this process's metrics, with those of all apps."""
    from prometheus_client import CollectorRegistry, disable_created_metrics

    # A second series for each counter, which says when the process started.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    metrics = Metrics(CollectorRegistry(), CollectorRegistry())
    for name in _modules:
        import_module(name).add_metrics(metrics)
    return metrics
