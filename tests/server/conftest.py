"""A server with room for little, so that a test can fill it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.inhabited import inhabited_folder
from tests.e2e.site import Site

NO_MODEL = "http://127.0.0.1:9/v1"
LIMITS = {"MAX_UNREAD_BODIES": "8", "MAX_CONNECTIONS": "10"}
# Below the number of threads none would be kept open for another request.
MORE_THAN_THREADS = {"MAX_CONNECTIONS": "100"}


@pytest.fixture(scope="session")
def prepared() -> Path:
    """The data folder of a site that has been started once: migrating takes seconds."""
    return inhabited_folder()


def serve(prepared: Path, data_dir: Path, **environment: str) -> Iterator[Site]:
    site = Site(data_dir, NO_MODEL, **(LIMITS | environment))
    site.begin_as(prepared)
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def small(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serve(prepared, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def threaded(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    environment = MORE_THAN_THREADS | {"WORKER_CLASS": "gthread"}
    yield from serve(prepared, tmp_path_factory.mktemp("threaded"), **environment)


@pytest.fixture(params=["small", "threaded"])
def either(request: pytest.FixtureRequest) -> Site:
    """For what holds whichever class of worker serves."""
    site: Site = request.getfixturevalue(request.param)
    return site
