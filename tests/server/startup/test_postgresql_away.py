"""A server whose PostgreSQL goes away, in each of the ways that it does, and comes back."""

from collections.abc import Iterator

import pytest
from django.db import connection

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import Site
from tests.server.startup.postgresql import own_database
from tests.server.startup.visitor import TIMEOUT, Visitor
from tests.server_proxy import ServerProxy
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")

TEXT = "One two three four."


@pytest.fixture(scope="module")
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture(scope="module")
def proxy(django_db_setup: None) -> Iterator[ServerProxy]:
    with own_database() as url:
        proxy = ServerProxy(url)
        yield proxy
        proxy.close()


@pytest.fixture(scope="module")
def site(
    model: OfflineModel, proxy: ServerProxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("away")
    with Site(folder, model.base_url, DATABASE_URL=proxy.url) as site:
        site.manage("migrate", "--verbosity=0")
        site.make_users()
        site.start()
        yield site


@pytest.fixture(params=["refuse", "hang"])
def away(request: pytest.FixtureRequest, proxy: ServerProxy) -> Iterator[str]:
    """Called by a test with `begin`; it ends with the test."""
    yield request.param
    proxy.come_back()


def test_pages_say_so_at_once_and_work_again_afterwards(
    site: Site, proxy: ServerProxy, away: str
) -> None:
    visitor = Visitor(site)
    getattr(proxy, away)()
    answers = [visitor.get("/") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {503}
    assert answers[-1].headers["Retry-After"] == "5"
    assert "can’t reach its database" in answers[-1].text
    assert visitor.get("/livez/").status_code == 200
    assert visitor.get("/readyz/").status_code == 503
    proxy.come_back()
    visitor.wait_until_served()


def test_a_reply_that_ends_meanwhile_is_saved_afterwards(
    site: Site, proxy: ServerProxy, model: OfflineModel, away: str
) -> None:
    visitor = Visitor(site)
    (gate := Gate()).release(2)
    # What other tests asked.
    model.forget()
    model.script(Fault(text=TEXT, gate=gate))
    path = visitor.send(f"Hello {away}")
    model.wait_for_request()
    getattr(proxy, away)()
    gate.open()
    assert visitor.get("/").status_code == 503
    proxy.come_back()
    wait_until(
        lambda: TEXT in visitor.get(path).text, "the whole reply", TIMEOUT, instead=site.read_log
    )
