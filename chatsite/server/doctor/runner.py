"""The checks, one after another, each in a thread that nobody waits for longer than its time."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connections

from chatsite.server.doctor.findings import Finding, wrong

LIMIT = 20.0  # seconds


@dataclass(frozen=True)
class Check:
    """`run` yields a finding for each part of what is named."""

    name: str
    run: Callable[[], Iterable[Finding]]


_registered: list[Check] = []


def register_check(check: Check) -> None:
    """For apps; in their `ready()`."""
    _registered.append(check)


def list_checks() -> list[Check]:
    """Return the site's own first, then those of apps, and what needs a server last."""
    from chatsite.server.doctor import bucket, database, files, mail, proxy, redis

    return [
        Check("Secret key", files.check_secret_key),
        Check("Data folder", files.check_data_dir),
        Check("Disk", files.check_disk),
        Check("Certificates", files.check_certificates),
        Check("Database", database.check_database),
        Check("Migrations", database.check_migrations),
        Check("Redis", redis.check_redis),
        Check("Bucket", bucket.check_bucket),
        *_registered,
        Check("Mail", mail.check_mail),
        Check("Server", database.check_server),
        Check("Proxy", proxy.check_proxy),
    ]


def run_checks(checks: Iterable[Check], limit: float = LIMIT) -> Iterator[tuple[Check, Finding]]:
    for check in checks:
        for finding in _Run(check).wait(limit):
            yield check, finding


@dataclass
class _Run:
    check: Check
    _findings: list[Finding] = field(default_factory=list)
    _is_done: threading.Event = field(default_factory=threading.Event)

    def wait(self, limit: float) -> list[Finding]:
        threading.Thread(target=self._work, name=self.check.name, daemon=True).start()
        if self._is_done.wait(limit):
            return self._findings
        late = wrong(
            f"no answer within {limit:g} seconds", "Look at what it leads to: does it still answer?"
        )
        return [*self._findings, late]

    def _work(self) -> None:
        try:
            for finding in self.check.run():
                self._findings.append(finding)
        except Exception as error:
            # Of the error only its type: its words may hold what is secret.
            self._findings.append(
                wrong(f"this check broke ({type(error).__name__})", "Report it as a bug.")
            )
        finally:
            connections.close_all()
            self._is_done.set()
