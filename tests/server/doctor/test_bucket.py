"""The bucket of files: what is tried, and what is wrong with one."""

from pathlib import Path

import pytest
from pytest_django import Settings

from chatsite.server.doctor.bucket import check_bucket
from chatsite.server.doctor.findings import Finding, Status
from tests.e2e.site import free_port
from tests.s3_server import SECRET_KEY, S3Server


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def examine() -> Finding:
    (found,) = check_bucket()
    return found


def test_where_there_is_none_nothing_is_checked() -> None:
    assert examine().status is Status.NOT_CHECKED


def test_one_that_works_is_right_and_left_as_it_was(bucket: S3Server) -> None:
    assert examine().status is Status.OK
    assert {method for method, _ in bucket.requests} == {"GET", "PUT", "DELETE"}
    assert bucket.objects == {}


def test_one_that_anybody_can_read_is_wrong(bucket: S3Server) -> None:
    bucket.is_public = True
    assert examine().meaning.startswith("anybody can read what is in the bucket chat-files")
    assert bucket.objects == {}


@pytest.mark.parametrize("fault", ["NoSuchBucket", "AccessDenied", "InvalidAccessKeyId"])
def test_one_that_refuses_is_wrong(bucket: S3Server, fault: str) -> None:
    bucket.fault = fault
    found = examine()
    assert found.status is Status.WRONG
    assert fault in found.meaning


def test_wrong_keys_are_told_without_them(bucket: S3Server, settings: Settings) -> None:
    settings.AWS_SECRET_ACCESS_KEY = "another-secret"
    found = examine()
    assert "SignatureDoesNotMatch" in found.meaning
    assert "Check AWS_ACCESS_KEY_ID" in found.remedy
    assert "secret" not in found.meaning
    assert SECRET_KEY not in found.meaning


def test_one_that_may_not_be_written_is_wrong(bucket: S3Server) -> None:
    bucket.denied = {"PUT"}
    assert "Allow s3:ListBucket" in examine().remedy


def test_one_that_is_away_is_wrong(bucket: S3Server, settings: Settings) -> None:
    settings.S3_ENDPOINT_URL = f"http://127.0.0.1:{free_port()}"
    assert "can't be reached" in examine().meaning


def test_files_that_were_left_in_the_data_folder_are_wrong(bucket: S3Server, folder: Path) -> None:
    (folder / "files/ab").mkdir(parents=True)
    assert examine().status is Status.OK
    (folder / "files/ab/picture").touch()
    assert "neither read nor deleted" in list(check_bucket())[1].meaning
