"""A pytest plugin for machines that have everything: what would be skipped fails.

Load it with `-p tests.require_all`. Tests about one kind of database say "Only on …" when they run
on the other; that is no lack.
"""

from collections.abc import Generator

import pytest

BY_DESIGN = "Only on "


def fail_if_skipped[Report: pytest.TestReport | pytest.CollectReport](report: Report) -> Report:
    if not report.skipped or not isinstance(report.longrepr, tuple):  # passed, failed, or xfail
        return report
    reason = report.longrepr[2].removeprefix("Skipped: ")
    if not reason.startswith(BY_DESIGN):
        report.outcome = "failed"
        report.longrepr = f"Skipped, though everything is required here: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return fail_if_skipped((yield))
