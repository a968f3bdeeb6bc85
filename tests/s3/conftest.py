"""A way to the bucket that can be cut."""

from collections.abc import Iterator

import pytest
from django.core.files.storage import Storage, storages
from pytest_django import Settings

from tests.s3_server import S3Server
from tests.server_proxy import ServerProxy


@pytest.fixture
def way(settings: Settings, bucket: S3Server) -> Iterator[ServerProxy]:
    """What lies between the site and its bucket."""
    proxy = ServerProxy(bucket.url)
    settings.S3_ENDPOINT_URL = proxy.url
    settings.S3_CONNECT_TIMEOUT = settings.S3_READ_TIMEOUT = 0.3
    yield proxy
    proxy.close()


@pytest.fixture
def storage(bucket: S3Server) -> Storage:
    return storages["files"]
