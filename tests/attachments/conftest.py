"""What tests of files share: folders of their own for the bytes, or a bucket."""

from pathlib import Path

import pytest
from pytest_django import Settings

from chatsite.private_folder import private_folder


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    """Nothing is there that another test has left."""
    settings.STORAGES = settings.STORAGES | {
        name: private_folder(tmp_path / name) for name in ("files", "uploads")
    }


@pytest.fixture(params=["folder", "bucket"])
def each_storage(request: pytest.FixtureRequest) -> None:
    """For tests of what is the same wherever files are kept."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
