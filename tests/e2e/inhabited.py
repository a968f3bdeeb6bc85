"""The data folder of a site with the usual users. Others begin with a copy: it takes seconds."""

from pathlib import Path

from tests.e2e.site import Site
from tests.once import once


def inhabited_folder() -> Path:
    return once("inhabited", inhabit)


def inhabit(folder: Path) -> None:
    """Of a site that has been started once."""
    site = Site(folder, "http://127.0.0.1:9/v1")
    site.manage("migrate", "--verbosity=0")
    site.make_users()
    site.start()
    site.stop()
