"""Servers to start, on data folders of their own."""

from collections.abc import Iterator

import pytest

from tests.e2e.site import Site


@pytest.fixture(scope="session")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site without a key, prepared once. Tests may stop it; they start it first if need be."""
    site = Site(tmp_path_factory.mktemp("keyless"), "", AIMLAPI_API_KEY="")
    yield site
    if is_running(site):
        site.stop()


@pytest.fixture
def running(keyless: Site) -> Site:
    """The same, running."""
    if not is_running(keyless):
        keyless.start()
    return keyless


def is_running(site: Site) -> bool:
    return site.process is not None and site.process.poll() is None
