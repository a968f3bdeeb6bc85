"""The site with metrics, asked for them as Prometheus asks."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

TOKEN = "a-token-for-the-tests"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


def scrape(client: Client | None = None) -> str:
    response = (client or Client()).get("/metrics/", headers=AUTHORIZED)
    assert response.status_code == 200
    return response.content.decode()


def read_sample(name: str, **labels: str) -> float:
    """The sum over all series of this name that have these labels; 0 where there is none."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(scrape())
        for sample in family.samples
        if sample.name == name and sample.labels.items() >= labels.items()
    )


class Rise:
    """How much a sample has grown since: other tests have counted before."""

    def __init__(self, name: str, **labels: str) -> None:
        self._name, self._labels = name, labels
        self._before = read_sample(name, **labels)

    def __call__(self) -> float:
        return read_sample(self._name, **self._labels) - self._before

    def is_about(self, expected: float) -> bool:
        return self() == pytest.approx(expected)
