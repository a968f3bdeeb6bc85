"""The locked requirements: complete, pinned, hashed, and tied to no index."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.e2e.site import ROOT

FILES = ["requirements.txt", "requirements-dev.txt"]


def requirements(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    return [
        line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_one_version_and_its_hashes(name: str) -> None:
    for line in requirements((ROOT / name).read_text()):
        assert re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:", line), line


@pytest.mark.parametrize("name", FILES)
def test_no_index_is_named(name: str) -> None:
    assert not re.search(r"index|find-links|file:|https?:", (ROOT / name).read_text())


@pytest.mark.parametrize("name", FILES)
def test_what_is_asked_for_is_locked(name: str) -> None:
    locked = {line.partition("==")[0] for line in requirements((ROOT / name).read_text())}
    asked = (ROOT / Path(name).with_suffix(".in")).read_text()
    wanted = [line.partition("#")[0] for line in requirements(asked) if not line.startswith("-")]
    assert {canonicalize_name(Requirement(line).name) for line in wanted} <= locked


def test_tests_run_on_the_versions_that_serve() -> None:
    pins = [requirements((ROOT / name).read_text()) for name in FILES]
    run, dev = ({line.split()[0] for line in lines} for lines in pins)
    assert run <= dev
