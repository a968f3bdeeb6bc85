"""Which version this is: what the change log begins with."""

import re
from pathlib import Path


def read_version(changelog: Path) -> str:
    """Return the number in the first heading of a version; "" where there is no such file."""
    try:
        match = re.search(r"^## (\d\S*)", changelog.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return ""
    return match[1] if match else ""
