"""A running offline model and a client of it."""

from collections.abc import Iterator

import pytest

from conversations.offline_model import OfflineModel
from tests.offline_model.client import Client


@pytest.fixture
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture
def client(model: OfflineModel) -> Iterator[Client]:
    client = Client(model.base_url)
    yield client
    client.close()
