"""botocore's client of the bucket, and what it raises, as OSError.

Making it takes 0.28 s of the processor and 17 MB, and any thread may use it: so there is one a
process. Under gevent its sockets belong to the event loop, so what is offloaded asks by way of it.

    FileNotFoundError     there is no such object
    BucketAwayError       no answer, or none that helps: it may go well later
    BucketRefusedError    it won't go well until somebody changes something
"""

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings

from chatsite.core.offload import run_in_event_loop
from chatsite.core.tracing import open_call
from chatsite.s3.configuration import require_library

TRIES = 2
# Connections that are kept open; beyond, each is closed after its use.
KEPT_CONNECTIONS = 50
# Seconds in which nothing is asked again of a bucket that hasn't answered: who has twenty files to
# read doesn't wait for each of them.
PAUSE = 5.0
# What an answer calls an object that isn't there; to HEAD there are no words.
MISSING = {"NoSuchKey", "404"}
# That there is too much to do, where its status doesn't say so.
BUSY = {"429", "RequestTimeout", "SlowDown", "TooManyRequests"}

_lock = threading.Lock()
_client: Any = None
_is_away_until = 0.0


class BucketAwayError(OSError):
    """The bucket can't be reached, or has trouble."""


class BucketRefusedError(OSError):
    """The bucket isn't there, or refuses what is asked; `code` is its own word for why."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


def call(operation: str, key: str = "", /, **parameters: Any) -> Any:
    """Have the bucket do something, by the name of the client's method, and return the answer."""
    if key:
        parameters["Key"] = key
    if time.monotonic() < _is_away_until:
        raise BucketAwayError("it didn't answer a moment ago")
    return run_in_event_loop(_call, operation, key, parameters)


def _call(operation: str, key: str, parameters: dict[str, Any]) -> Any:
    client = get_client()
    span = open_call(f"S3 {operation}", {"aws.s3.bucket": settings.S3_BUCKET})
    with span, translate_errors(key):
        return getattr(client, operation)(Bucket=settings.S3_BUCKET, **parameters)


def get_client() -> Any:
    """Return the client; the first call makes it. Raises BucketRefusedError where its settings make
    no sense.
    """
    global _client
    with _lock, translate_errors():
        if _client is None:
            _client = make_client()
        return _client


def close_client() -> None:
    """Forget it, and what was found out with it."""
    global _client, _is_away_until
    ended, _client, _is_away_until = _client, None, 0.0
    if ended:
        ended.close()


@cache
def get_session() -> Any:
    """Return what has read the library's descriptions of services, and finds credentials."""
    require_library()
    from botocore.session import Session

    return Session()


def make_client(signature_version: Any = "s3v4") -> Any:
    session = get_session()
    from botocore.config import Config

    return session.create_client(
        "s3",
        region_name=settings.S3_REGION or None,
        endpoint_url=settings.S3_ENDPOINT_URL or None,
        aws_access_key_id=settings.AWS_ACCESS_KEY_ID or None,
        aws_secret_access_key=settings.AWS_SECRET_ACCESS_KEY or None,
        aws_session_token=settings.AWS_SESSION_TOKEN or None,
        config=Config(
            connect_timeout=settings.S3_CONNECT_TIMEOUT,
            read_timeout=settings.S3_READ_TIMEOUT,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            max_pool_connections=KEPT_CONNECTIONS,
            signature_version=signature_version,
            # Else uploads have a trailer that many services beside Amazon's refuse.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def find_url(key: str) -> str:
    """Return the address of an object, without a signature: a private bucket refuses it."""
    from botocore import UNSIGNED

    unsigned = make_client(signature_version=UNSIGNED)
    try:
        with translate_errors(key):
            url: str = unsigned.generate_presigned_url(
                "get_object", {"Bucket": settings.S3_BUCKET, "Key": key}
            )
            return url
    finally:
        unsigned.close()


@contextmanager
def translate_errors(key: str = "") -> Iterator[None]:
    """Enclose what is asked of the bucket, and the reading of what it answers."""
    global _is_away_until
    from botocore import exceptions as errors
    from urllib3.exceptions import HTTPError

    try:
        yield
    except errors.ClientError as error:
        raise translate_answer(error, key) from error
    except (errors.ConnectionError, errors.ReadTimeoutError) as error:
        _is_away_until = time.monotonic() + PAUSE
        raise BucketAwayError(describe_error(error)) from error
    except (errors.HTTPClientError, errors.IncompleteReadError, HTTPError) as error:
        raise BucketAwayError(describe_error(error)) from error
    except errors.BotoCoreError as error:
        if isinstance(error, errors.NoCredentialsError):
            # A client without any would never look again whether the machine has a role.
            close_client()
            _is_away_until = time.monotonic() + PAUSE
        raise BucketRefusedError(describe_error(error), type(error).__name__) from error


def translate_answer(error: Any, key: str) -> OSError:
    code = str(error.response["Error"]["Code"])
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    if code in MISSING:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), key)
    if status >= 500 or code in BUSY:
        return BucketAwayError(describe_error(error))
    return BucketRefusedError(describe_error(error), code)


def describe_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
