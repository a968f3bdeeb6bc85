"""The plugin that fails what would be skipped."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.site import ROOT


def outcome(folder: Path, code: str) -> str:
    test = folder / "test_it.py"
    test.write_text(f"import pytest\n{code}")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "tests.require_all", str(test)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "code",
    [
        "def test_it(): pytest.skip('no Redis')",
        "pytest.skip('no Redis', allow_module_level=True)",
        "@pytest.mark.skipif(True, reason='no Redis')\ndef test_it(): pass",
    ],
)
def test_a_lack_fails(tmp_path: Path, code: str) -> None:
    assert "skipped" not in (last := outcome(tmp_path, code))
    assert "1 failed" in last or "1 error" in last


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def test_it(): pytest.skip('Only on PostgreSQL')", "1 skipped"),
        ("def test_it(): pytest.xfail('known')", "1 xfailed"),
        ("def test_it(): pass", "1 passed"),
    ],
)
def test_the_rest_is_left_alone(tmp_path: Path, code: str, expected: str) -> None:
    assert expected in outcome(tmp_path, code)
