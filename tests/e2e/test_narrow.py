"""Nothing scrolls sideways on a narrow phone, whatever names and texts people come up with."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from conversations.offline_model import OfflineModel
from tests.e2e.conftest import OpenPage
from tests.e2e.site import Site
from tests.e2e.steps import sticks_out

NARROW = {"width": 320, "height": 700}
UNFOLD = """
for (const each of document.querySelectorAll("details")) {
  each.removeAttribute("name");
  each.open = true;
}
"""


@pytest.fixture
def site(tmp_path: Path, offline_model: OfflineModel) -> Iterator[Site]:
    site = Site(tmp_path, offline_model.base_url)
    site.manage("migrate", "--verbosity=0")
    yield site
    site.stop()


@pytest.fixture
def pages(site: Site) -> dict[str, list[str]]:
    """By whom they are looked at."""
    written = site.run("import tests.e2e.extremes")
    site.start()
    return dict[str, list[str]](json.loads(written))


def test_nothing_sticks_out_of_a_narrow_page(
    site: Site, pages: dict[str, list[str]], sign_in_to: OpenPage
) -> None:
    found: dict[str, list[str]] = {}
    for name, paths in pages.items():
        page = sign_in_to(site.url, name, viewport=NARROW)
        found |= {path: sticking_out(page, path) for path in paths}
    assert {path: elements for path, elements in found.items() if elements} == {}


def sticking_out(page: Page, path: str) -> list[str]:
    response = page.goto(path)
    assert response
    assert response.ok, path
    page.evaluate(UNFOLD)
    return sticks_out(page)
