"""A storage for files that only the site's own user may read."""

from pathlib import Path
from typing import Any


def private_folder(path: Path) -> dict[str, Any]:
    """Return a storage for the settings. What is written once more takes the place of what is
    there: names here are made by us.
    """
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": path,
            "allow_overwrite": True,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
