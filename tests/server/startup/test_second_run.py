"""The plugin that leaves out of the run on PostgreSQL what touches no database."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.site import ROOT


def collected(folder: Path, code: str) -> str:
    test = folder / "test_it.py"
    test.write_text(f"import pytest\n{code}")
    plugins = ["-p", "tests.second_run", "-c", "/dev/null"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--collect-only", "-q", str(test)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.django_db\ndef test_it(): pass",
        "def test_it(db): pass",
        "def test_it(transactional_db): pass",
        "@pytest.fixture\ndef alice(db): pass\ndef test_it(alice): pass",
        "pytestmark = pytest.mark.skipif(True, reason='Only on PostgreSQL')\ndef test_it(): pass",
        "@pytest.mark.each_database\ndef test_it(): pass",
    ],
)
def test_what_touches_the_database_is_run_again(tmp_path: Path, code: str) -> None:
    assert "1 test collected" in collected(tmp_path, code)


@pytest.mark.parametrize(
    "code",
    [
        "def test_it(): pass",
        "@pytest.mark.skipif(False, reason='Only on Linux')\ndef test_it(): pass",
    ],
)
def test_what_touches_none_is_not(tmp_path: Path, code: str) -> None:
    assert "1 deselected" in collected(tmp_path, code)
