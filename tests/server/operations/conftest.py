"""A site that has something of everything, and empty places to take it to."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.e2e.site import ROOT, Site
from tests.server.startup.postgresql import own_database

ENDING = "unsaved-replies/writer-1.json"
DELETED = """
from conversations.models import Conversation
Conversation.objects.filter(title__startswith="Talk 5").delete()
from conversations.review.models import Label
Label.objects.create(name="Of the past").delete()
"""

type MakePlace = Callable[..., Site]


@pytest.fixture(scope="session")
def place_of(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakePlace]:
    """Make an empty place for a site, on the kind of database that the tests run on or another."""
    with ExitStack() as databases:

        def make(name: str, vendor: str = connection.vendor) -> Site:
            folder = tmp_path_factory.mktemp(name)
            url = (
                databases.enter_context(own_database(name))
                if vendor == "postgresql"
                else f"sqlite:///{folder}/db.sqlite3"
            )
            return Site(folder, "", AIMLAPI_API_KEY="", DATABASE_URL=url, METRICS_TOKEN="m" * 20)

        yield make


@pytest.fixture(scope="session")
def filled(place_of: MakePlace) -> Site:
    """alice, ada and the others, and what they have written and judged. It isn't running."""
    site = place_of("filled")
    site.start()
    site.stop()
    site.make_users()
    site.close_shell()
    site.manage("shell", "--no-imports", "-c", "import tests.e2e.exhibition")
    site.manage("shell", "--no-imports", "-c", DELETED)
    for name in (ENDING, "files/ab/picture"):
        path = site.data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("What is in it")
    return site


@pytest.fixture(scope="session")
def backup(filled: Site) -> Path:
    path = filled.data_dir / "kept" / "backup.zip"
    filled.manage("backup", str(path))
    return path


def database_of(site: Site) -> str:
    return site.environment["DATABASE_URL"]


def refused(site: Site, *arguments: str) -> str:
    """The sentence with which a command ends that does nothing."""
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout
    return result.stderr.strip()
