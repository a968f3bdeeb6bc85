"""What tests of files share: folders of their own for the bytes."""

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
