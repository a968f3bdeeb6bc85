"""The checks, one after another: none holds up or ends the others."""

import threading
from collections.abc import Iterator

from chatsite.server.doctor.findings import Finding, Status, ok
from chatsite.server.doctor.runner import Check, run_checks


def run(check: Check, limit: float = 10.0) -> list[Finding]:
    return [finding for _check, finding in run_checks([check], limit)]


def test_what_was_found_before_it_hung_is_told() -> None:
    never = threading.Event()

    def hang() -> Iterator[Finding]:
        yield ok("so far")
        never.wait(60)

    found = run(Check("A line", hang), limit=0.2)
    never.set()
    assert [finding.status for finding in found] == [Status.OK, Status.WRONG]
    assert found[1].meaning == "no answer within 0.2 seconds"


def test_of_one_that_breaks_only_the_kind_of_error_is_told() -> None:
    def fail() -> list[Finding]:
        raise ValueError("secret")

    (found,) = run(Check("A bug", fail))
    assert found.status is Status.WRONG
    assert found.meaning == "this check broke (ValueError)"
