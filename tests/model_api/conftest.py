import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conversations.model_api import ModelClient
from conversations.offline_model import OfflineModel
from tests.model_api.asking import MakeClient
from tests.model_api.servers import write_certificate


@pytest.fixture
def offline_model() -> Iterator[OfflineModel]:
    with OfflineModel(tokens=20) as model:
        yield model


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    clients = []

    def make(base_url: str, **options: Any) -> ModelClient:
        options = {"api_key": "sk-secret", "model": "gpt-test", "pace": lambda: 0.01, **options}
        clients.append(ModelClient(base_url=base_url, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(offline_model: OfflineModel, make_client: MakeClient) -> ModelClient:
    return make_client(offline_model.base_url)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """For a server, with a certificate that clients made in this test trust."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
