"""Hosts with something wrong: their disk, or their clock.

The programs are what they always are; a library that is loaded before them (`shim.c`, built by the
C compiler of the machine) answers a few calls of the operating system otherwise.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("shim.c")


def build_shim(folder: Path) -> dict[str, str]:
    """Return the environment with which a program is on such a host; all is well there yet."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("No C compiler is installed")
    library = folder / "shim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)], check=True
    )
    return {"LD_PRELOAD": str(library)}


class Clock:
    """The wall clock of such a host."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock-is-ahead"
        self.environment = build_shim(folder) | {"FAULTY_HOST_CLOCK": str(self._file)}

    def put_ahead(self) -> None:
        """It is a year ahead from now on."""
        self._file.touch()

    def put_right(self) -> None:
        self._file.unlink()
