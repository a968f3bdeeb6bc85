"""`manage.py doctor`, as who runs a site meets it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conversations.offline_model import Fault, OfflineModel
from tests.e2e.mail_server import MailServer
from tests.e2e.site import ROOT, Site, free_port
from tests.server.doctor.stub_server import serve_answer

KEY = "key-that-nobody-sees"
PASSWORD = "password-that-nobody-sees"


def examine(site: Site) -> tuple[int, str]:
    """The exit code, and all that it says."""
    result = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    return result.returncode, result.stdout


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """What it says of a site that runs, and has all it needs."""
    with ExitStack() as stack:
        model, mail = stack.enter_context(OfflineModel()), MailServer()
        stack.enter_context(mail)
        site = stack.enter_context(
            Site(
                tmp_path_factory.mktemp("healthy"),
                model.base_url,
                AIMLAPI_API_KEY=KEY,
                EMAIL_URL=mail.url,
            )
        )
        site.environment["PUBLIC_URL"] = site.url
        site.start()
        yield examine(site)


@pytest.fixture(scope="session")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """What it says where nothing is right."""
    folder = tmp_path_factory.mktemp("sick")
    (folder / "db.sqlite3").touch()
    (folder / "db.sqlite3").chmod(0o644)
    (bundle := folder / "bundle.pem").write_text("Nothing")
    with OfflineModel() as model, serve_answer(b"Another site") as other:
        model.script(Fault(status=401, message=f"Wrong key: {KEY}"))
        yield examine(
            Site(
                folder,
                model.base_url,
                AIMLAPI_API_KEY=KEY,
                EMAIL_URL=f"smtp://me:{PASSWORD}@127.0.0.1:{free_port()}",
                PUBLIC_URL=other,
                SECRET_KEY="a" * 50,
                REQUESTS_CA_BUNDLE=str(bundle),
            )
        )


@pytest.mark.parametrize(
    "said",
    [
        "Secret key: 67 characters",
        "Data folder: ",
        "Disk: ",
        "Database: SQLite",
        "Migrations: all are applied",
        "Model: http://127.0.0.1:",
        "Mail: 127.0.0.1:",
        "Server: one is running",
        "Proxy: http://localhost:",
    ],
)
def test_what_works_is_said(healthy: tuple[int, str], said: str) -> None:
    assert f"OK           {said}" in healthy[1]


def test_it_ends_well_where_nothing_is_wrong(healthy: tuple[int, str]) -> None:
    code, said = healthy
    assert code == 0, said
    assert "WRONG" not in said
    assert "piece by piece" in said


@pytest.mark.parametrize(
    "said",
    [
        "Secret key: it can be guessed",
        "Data folder: other users",
        "Certificates: REQUESTS_CA_BUNDLE points to ",
        "Model: http://127.0.0.1:",
        "Mail: 127.0.0.1:",
        "Proxy: http://127.0.0.1:",
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(sick: tuple[int, str], said: str) -> None:
    lines = sick[1].splitlines()
    (at,) = (number for number, line in enumerate(lines) if f"WRONG        {said}" in line)
    assert lines[at + 1].strip().startswith("→ ")


def test_it_ends_with_1_where_something_is_wrong(sick: tuple[int, str]) -> None:
    assert sick[0] == 1


def test_no_key_and_no_password_is_said(sick: tuple[int, str], healthy: tuple[int, str]) -> None:
    for secret in (KEY, PASSWORD, "a" * 50):
        assert secret not in sick[1] + healthy[1]


def test_a_new_site_has_no_database_made_for_it(tmp_path: Path) -> None:
    _code, said = examine(Site(tmp_path, "", AIMLAPI_API_KEY=""))
    assert "NOT CHECKED  Database: there is none yet" in said
    assert "AIMLAPI_API_KEY is not set" in said
    assert not (tmp_path / "db.sqlite3").exists()
