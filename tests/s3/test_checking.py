"""A bucket that can't be used: said in the log at the start, with what to do."""

import pytest

from chatsite.s3 import checking
from tests.logs import messages_of
from tests.s3_server import SECRET_KEY, S3Server
from tests.server_proxy import ServerProxy

LOGGER = "chatsite.s3"


def test_one_that_can_be_used_is_no_problem(
    bucket: S3Server, caplog: pytest.LogCaptureFixture
) -> None:
    checking.report_problem()
    assert messages_of(caplog, LOGGER) == []


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        ("NoSuchBucket", "Make the bucket"),
        ("AccessDenied", "Allow s3:ListBucket"),
        ("SignatureDoesNotMatch", "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ("QuotaExceeded", "Check S3_BUCKET"),
    ],
)
def test_what_stands_against_it_is_logged(
    bucket: S3Server, caplog: pytest.LogCaptureFixture, fault: str, remedy: str
) -> None:
    bucket.fault = fault
    checking.report_problem()
    (said,) = messages_of(caplog, LOGGER)
    assert said.startswith(f"Files can't be kept or shown: the bucket chat-files at {bucket.url}")
    assert fault in said
    assert remedy in said
    assert SECRET_KEY not in said


def test_one_that_is_away_is_logged(way: ServerProxy, caplog: pytest.LogCaptureFixture) -> None:
    way.refuse()
    checking.report_problem()
    (said,) = messages_of(caplog, LOGGER)
    assert "can't be reached" in said
