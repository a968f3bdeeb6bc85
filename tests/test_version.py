"""Which version is told."""

from pathlib import Path

from chatsite.version import read_version


def test_the_version_is_the_change_log_s_first(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## 1.2.3 – unreleased\n\n## 1.2.2 – 2026-01-01\n")
    assert read_version(changelog) == "1.2.3"


def test_without_a_change_log_there_is_none(tmp_path: Path) -> None:
    assert read_version(tmp_path / "CHANGELOG.md") == ""
