"""The Makefile's own cleverness: finding a Python, and installing only when something changed."""

import os
import subprocess
from pathlib import Path

from tests.e2e.site import ROOT


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        key: value
        for key, value in os.environ.items()
        if key not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "REQUIRE_ALL"}
    }
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def pretend_python(path: Path, code: int) -> Path:
    """A command that notes how it was called and ends with this exit code."""
    path.write_text(f'#!/bin/sh\necho "$0 $*" >> {path.parent}/calls\nexit {code}\n')
    path.chmod(0o755)
    return path


def test_a_name_without_a_working_python_behind_it_is_passed_over(tmp_path: Path) -> None:
    pretend_python(tmp_path / "python3.14", 127)
    good = pretend_python(tmp_path / "python3.13", 0)
    venv = tmp_path / "venv"
    result = make(
        f"VENV={venv}", f"{venv}/bin/python", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    )
    assert result.returncode == 0, result.stderr
    assert f"{good} -m venv --clear {venv}\n" in (tmp_path / "calls").read_text()


def test_without_a_suitable_python_it_says_what_is_missing(tmp_path: Path) -> None:
    too_old = pretend_python(tmp_path / "python", 1)
    result = make(f"VENV={tmp_path}/venv", "run", PYTHON=str(too_old))
    assert result.returncode != 0
    assert result.stderr.startswith("No Python 3.12 or newer was found")
    assert not (tmp_path / "venv").exists()


def test_nothing_is_installed_again_until_the_requirements_change(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("bin/python", "run.stamp"):
        (tmp_path / name).touch()
    assert "pip install" not in make("-n", f"VENV={tmp_path}", "run").stdout
    os.utime(tmp_path / "run.stamp", (0, 0))
    assert "pip install" in make("-n", f"VENV={tmp_path}", "run").stdout


def test_help_names_the_commands() -> None:
    output = make("help").stdout
    for name in ("run", "test", "lint", "bench"):
        assert f"make {name} " in output
