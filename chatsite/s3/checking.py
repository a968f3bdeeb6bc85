"""Whether the bucket can be used: said in the log when a process starts to serve, and by
`manage.py doctor` with more.

A bucket that is away doesn't keep the site from starting: pages and replies go on without files.
"""

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings

from chatsite.s3 import client
from chatsite.s3.client import BucketRefusedError, call

logger = logging.getLogger(__name__)

KEYS = "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the role of this machine."
REMEDIES = {
    "NoSuchBucket": "Make the bucket, or check S3_BUCKET and S3_ENDPOINT_URL.",
    "AccessDenied": (
        "Allow s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on "
        "what is in it (docs/deploy.md)."
    ),
    "PermanentRedirect": "Set S3_REGION to the bucket's region.",
    "AuthorizationHeaderMalformed": "Set S3_REGION to the bucket's region.",
    "RequestTimeTooSkewed": "Set the clock of this machine.",
    **dict.fromkeys(
        (
            *("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"),
            *("NoCredentialsError", "CredentialRetrievalError"),
        ),
        KEYS,
    ),
}
OTHERWISE = "Check S3_BUCKET, S3_ENDPOINT_URL and S3_REGION."


@dataclass(frozen=True)
class Problem:
    meaning: str
    remedy: str


def describe_problem(error: OSError) -> Problem:
    """Return what stands against the bucket's use, without anything that is secret."""
    if isinstance(error, BucketRefusedError):
        remedy = REMEDIES.get(error.code, OTHERWISE)
        return Problem(f"{name_bucket()} refuses what the site asks: {error}", remedy)
    return Problem(f"{name_bucket()} can't be reached: {error}", OTHERWISE)


def name_bucket() -> str:
    at = f" at {settings.S3_ENDPOINT_URL}" if settings.S3_ENDPOINT_URL else ""
    return f"the bucket {settings.S3_BUCKET}{at}"


def find_problem() -> Problem | None:
    """Look into the bucket."""
    try:
        call("list_objects_v2", Prefix=settings.S3_PREFIX, MaxKeys=1)
    except OSError as error:
        return describe_problem(error)
    return None


class BucketService:
    """The service that makes the client before the first request, which would wait for it."""

    def start(self) -> None:
        if settings.S3_BUCKET:
            with suppress(OSError):
                client.get_client()
            threading.Thread(target=report_problem, name="bucket", daemon=True).start()

    def finish(self) -> None:
        """Files are read and written until the last moment."""

    def close(self) -> None:
        client.close_client()


def report_problem() -> None:
    if problem := find_problem():
        logger.error(
            "Files can't be kept or shown: %s. %s `manage.py doctor` looks again.",
            problem.meaning,
            problem.remedy,
        )
