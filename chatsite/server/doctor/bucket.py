"""The bucket that files are kept in: whether it can be read and written, and by nobody else."""

import uuid
from collections.abc import Iterator

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from chatsite.s3 import checking, client
from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong

CONTENT = b"written by manage.py doctor, and removed again"
TIMEOUT = 5  # seconds


def check_bucket() -> Iterator[Finding]:
    if not settings.S3_BUCKET:
        yield not_checked("S3_BUCKET is not set: files are kept in the data folder")
        return
    yield try_bucket()
    folder = settings.DATA_DIR / "files"
    if any(path.is_file() for path in folder.rglob("*")):
        yield wrong(
            f"{folder} has files, which are neither read nor deleted since there is a bucket",
            "Copy them into the bucket, see that `manage.py check_files` misses none, and remove "
            "the folder (docs/deploy.md).",
        )


def try_bucket() -> Finding:
    """Write an object, read it, ask for it as anybody might, and remove it."""
    key = f"{settings.S3_PREFIX}doctor-{uuid.uuid4().hex}"
    try:
        client.call("list_objects_v2", Prefix=settings.S3_PREFIX, MaxKeys=1)
        client.call("put_object", key, Body=CONTENT)
        try:
            read = client.call("get_object", key)["Body"].read()
            is_open = can_anybody_read(client.find_url(key))
        finally:
            client.call("delete_object", key)
    except ImproperlyConfigured as error:
        meaning, _, remedy = str(error).partition(". ")
        return wrong(meaning, remedy)
    except OSError as error:
        problem = checking.describe_problem(error)
        return wrong(problem.meaning, problem.remedy)
    name = checking.name_bucket()
    if read != CONTENT:
        return wrong(f"{name} gives back something else than was written", "Check S3_ENDPOINT_URL.")
    if is_open:
        return wrong(
            f"anybody can read what is in {name}",
            "Make the bucket private: files are for their owners alone.",
        )
    return ok(f"{name} can be read, written and listed, and by nobody without a key")


def can_anybody_read(url: str) -> bool:
    """Ask for an object without a key."""
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException:
        return False
    return answer.content == CONTENT
