"""A pytest plugin for a second run, on another kind of database: leaves out the tests that touch
none, as they have said the same in the first.

Load it with `-p tests.second_run`. A test touches the database of the run if it asks for it, as
pytest-django refuses queries of all others, or if it is about this kind of database. What depends
on the database without a query, or starts a site on one, says so: `@pytest.mark.each_database`.
"""

import pytest

MARKERS = ("django_db", "each_database")
FIXTURES = {"db", "transactional_db", "django_db_setup"}
ABOUT_THIS_KIND = "Only on PostgreSQL"


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: PostgreSQL takes 100 connections. A worker keeps ten (`tests/settings.py`)
    and, until it ends, as many for each server of its tests, of which there may be three.
    """
    return 2


def touches_database(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(name) for name in MARKERS):
        return True
    if not FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        return True
    reasons = [mark.kwargs.get("reason", "") for mark in item.iter_markers("skipif")]
    return any(reason.startswith(ABOUT_THIS_KIND) for reason in reasons)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not touches_database(item)]
    items[:] = [item for item in items if touches_database(item)]
    config.hook.pytest_deselected(items=left_out)
