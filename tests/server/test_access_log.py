"""The access log: what a line tells, and what it leaves out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from chatsite.server.access_log import PathFilter, describe_path
from tests.e2e.site import Site
from tests.logs import records_of
from tests.server.conftest import serve

KEY = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"
PK = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/c/{PK}/messages/7/stream/", f"/c/{PK}/messages/7/stream/"),
        (f"/accounts/invitation/{KEY}/", "/accounts/invitation/…/"),
        (f"/accounts/password/reset/key/7-{KEY}/", "/accounts/password/reset/key/7-…/"),
        (f"/accounts/confirm-email/{KEY}/", "/accounts/confirm-email/…/"),
        (
            "/static/css/a-name-that-is-long-enough.css",
            "/static/css/a-name-that-is-long-enough.css",
        ),
    ],
)
def test_an_address_is_written_without_its_secrets(path: str, shown: str) -> None:
    request = RequestFactory().get(f"{path}?q=secret")
    if not path.startswith("/static/"):
        request.resolver_match = resolve(path)
    assert describe_path(request) == shown


def test_of_an_address_that_is_none_long_words_are_left_out() -> None:
    assert describe_path(RequestFactory().get(f"/invite/{KEY}")) == "/invite/…"


@pytest.mark.django_db
def test_django_s_own_lines_name_no_key(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get(f"/accounts/invitation/{KEY}/")
    (record,) = records_of(caplog, "django.request")
    PathFilter().filter(record)
    assert record.getMessage() == "Not Found: /accounts/invitation/…/"


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    yield from serve(
        *(prepared, tmp_path / "data"),
        ACCESS_LOG="true",
        LOG_FORMAT="json",
        TRUSTED_PROXY_COUNT="1",
    )


def test_a_serving_process_writes_a_line_for_each_response(site: Site) -> None:
    site.fetch("/livez/?q=secret", {"X-Request-ID": "number-one"})
    site.fetch("/accounts/login/", {"X-Request-ID": "number-two", "Cookie": "a=secret"})
    site.stop()
    lines = {line["request"]: line for line in read_access_lines(site)}
    assert lines["number-one"]["route"] == "livez"
    line = lines["number-two"]
    assert (line["method"], line["route"], line["path"], line["status"]) == (
        *("GET", "account_login", "/accounts/login/", 200),
    )
    assert line["bytes"] > 1000
    assert line["milliseconds"] > 0
    assert "secret" not in site.read_log()
    site.start()


def read_access_lines(site: Site) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in site.read_log().splitlines() if line.startswith("{")]
    return [line for line in lines if line["logger"] == "chatsite.access"]
