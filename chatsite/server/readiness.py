"""Whether this process can do its work: what `/readyz/` answers.

The checks run in a thread, one run at a time: a database that hangs holds up that thread, not who
asks. What it found counts for a second, so that asking often costs nothing.
"""

import functools
import logging
import pkgutil
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from chatsite.core.database_errors import outage_of
from chatsite.core.write_check import check_writable

logger = logging.getLogger(__name__)

# Seconds.
TIMEOUT = 1.5
FRESH = 1.0
# Below this a database soon can't be written.
LEAST_FREE_MEGABYTES = 16
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """What one check found. No address, name or password: everybody may ask."""

    problem: str = ""
    # Numbers to watch.
    figures: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        problem = {"problem": self.problem} if self.problem else {}
        return {"ok": not self.problem} | problem | self.figures


type Check = Callable[[], Finding]
type Report = dict[str, Finding]


def check_database() -> Finding:
    check_writable()
    return Finding()


def check_migrations() -> Finding:
    missing = migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    return Finding(f"{len(missing)} not applied" if missing else "")


@functools.cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    """Return (app, name) of every migration, by the names of the files: none is imported."""
    found = set()
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        if folder.is_dir() and app.models_module:
            names = (module.name for module in pkgutil.iter_modules([str(folder)]))
            found |= {(app.label, name) for name in names if name[0] not in "_~"}
    return frozenset(found)


def check_free_space() -> Finding:
    """Look at the folder of the data, and at that of the database's file."""
    folders = {settings.DATA_DIR}
    if connection.vendor == "sqlite":
        folders.add(Path(connection.settings_dict["NAME"]).parent)
    free = min(shutil.disk_usage(folder).free for folder in folders) // MEGABYTE
    few = free < LEAST_FREE_MEGABYTES
    return Finding(
        f"less than {LEAST_FREE_MEGABYTES} MB free" if few else "", {"free_megabytes": free}
    )


_checks: dict[str, Check] = {
    "database": check_database,
    "migrations": check_migrations,
    "free_space": check_free_space,
}


def register_check(name: str, check: Check) -> None:
    """Add a check of an app's own; in its `ready()`."""
    _checks[name] = check


def run_checks(checks: Mapping[str, Check]) -> Report:
    try:
        return {name: run_check(check) for name, check in checks.items()}
    finally:
        connection.close()


def run_check(check: Check) -> Finding:
    try:
        return check()
    except DatabaseError as error:
        # Whoever runs the site reads the rest in the log.
        logger.warning("the database can't be used", exc_info=error)
        return Finding(outage_of(error) or "error")
    except OSError as error:
        return Finding(error.strerror or "error")


class Readiness:
    """The last report, and the run of the checks that makes the next."""

    def __init__(self, checks: Mapping[str, Check] = _checks) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._run: _Run | None = None

    def report(self) -> Report:
        """Return what was found within the last second, or is found within a second and a half."""
        with self._lock:
            run = self._run
            if run is None or run.is_stale():
                run = self._run = _Run(self._checks)
        return run.wait()


class _Run:
    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._began = time.monotonic()
        self._ended: float | None = None
        self._is_done = threading.Event()
        self._report: Report = {}
        threading.Thread(target=self._check, name="readiness", daemon=True).start()

    def _check(self) -> None:
        try:
            self._report = run_checks(self._checks)
        except Exception:
            logger.exception("the checks of readiness broke")
            self._report = {"checks": Finding("error")}
        finally:
            self._ended = time.monotonic()
            self._is_done.set()

    def is_stale(self) -> bool:
        return self._ended is not None and time.monotonic() - self._ended > FRESH

    def wait(self) -> Report:
        """Wait no longer than any other who asked since the checks began."""
        if self._is_done.wait(max(0, self._began + TIMEOUT - time.monotonic())):
            return self._report
        return {"database": Finding(f"no answer within {TIMEOUT:g} seconds")}


readiness = Readiness()
