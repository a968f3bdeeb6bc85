"""Two servers of one site, each a process of its own, on PostgreSQL and a Redis that may break."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from conversations.offline_model import OfflineModel
from tests.e2e.site import Site
from tests.faults.load import Conversations
from tests.faults.redis_process import RedisProcess
from tests.faults.usage_of_processes import Holdings, read_holdings, wait_for_holdings
from tests.server.startup.postgresql import (
    LimitedRole,
    inhabited_database,
    limited_role,
    own_database,
)
from tests.server.startup.visitor import TIMEOUT
from tests.server_proxy import ServerProxy
from tests.waiting import wait_until

# The servers: who is sent messages, and who shows them.
WRITER, FOLLOWER = 0, 1


@dataclass
class Cluster:
    """What serves a site, and what that needs."""

    sites: list[Site]
    redis: RedisProcess
    # The servers' way to PostgreSQL.
    postgresql: ServerProxy
    # Who they are to PostgreSQL.
    role: LimitedRole
    database_url: str
    # What each of the servers is told.
    environment: dict[str, str]

    def worker(self, site: int) -> int:
        """The id of the process that serves."""
        return max(self.sites[site].list_workers())

    def wait_for_another(self, site: int, worker: int) -> None:
        """Return once another process than this one serves."""
        wait_until(
            lambda: worker not in self.sites[site].list_workers() and self.sites[site].answers(),
            "another process in its place",
            TIMEOUT,
            instead=self.read_logs,
        )

    @property
    def pooled_ports(self) -> set[int]:
        return {self.postgresql.port, self.redis.port}

    def read_holdings(self, site: int) -> Holdings:
        return read_holdings(self.worker(site), self.pooled_ports)

    def wait_for_holdings(self, site: int, before: Holdings) -> None:
        """Return once the process that serves holds no more than before, and a little."""
        wait_for_holdings(self.worker(site), self.pooled_ports, before)

    def read_logs(self) -> str:
        return "\n".join(site.read_log() for site in self.sites)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Cluster]:
    """Running; a test leaves it as it found it."""
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        redis = stack.enter_context(RedisProcess(folder))
        (folder / "template").mkdir()
        template = stack.enter_context(inhabited_database(folder / "template", "faults_template"))
        role = stack.enter_context(limited_role("faults_role"))
        url = stack.enter_context(own_database("faults", template))
        proxy = ServerProxy(url)
        stack.callback(proxy.close)
        model = stack.enter_context(OfflineModel())
        environment = {
            "DATABASE_URL": role.of(proxy.url),
            "REDIS_URL": redis.url,
            "SECRET_KEY": "the same for both servers, as they share sessions",
            "CHECKPOINT_INTERVAL": "0.2",
            "SHUTDOWN_GRACE": "10",
            "MAX_RUNNING_REPLIES": "10000",
            "MODEL_FIRST_BYTE_TIMEOUT": "2",
            "MODEL_SILENCE_TIMEOUT": "2",
        }
        sites = [make_site(folder / name, model, environment) for name in ("one", "other")]
        for site in sites:
            stack.enter_context(site)
            site.start()
        yield Cluster(sites, redis, proxy, role, url, environment)


def make_site(folder: Path, model: OfflineModel, environment: dict[str, str]) -> Site:
    folder.mkdir()
    return Site(folder, model.base_url, **environment)


@pytest.fixture
def conversations(cluster: Cluster) -> Iterator[Conversations]:
    with closing(Conversations(cluster.sites, cluster.database_url)) as conversations:
        yield conversations


@pytest.fixture
def randomness() -> random.Random:
    """From a seed that is printed: FAULT_SEED has the same happen once more."""
    seed = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**6)))
    print(f"FAULT_SEED={seed}")  # noqa: T201
    return random.Random(seed)


@pytest.fixture
def rounds() -> int:
    """How often something is killed: a few times with all other tests, 20 by `make faults`."""
    return int(os.environ.get("FAULT_ROUNDS", "3"))
