"""What is known of models: their order, and how much they are sent."""

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.model_catalog.catalog import find_model, list_models
from conversations.models import ChatModel
from tests.model_catalog.factories import QUICK, SITE, add_model

pytestmark = pytest.mark.django_db


def test_opening_the_administration_changes_nobodys_default(
    ada_client: Client, alice: User
) -> None:
    add_model(QUICK, "A quick one", position=0)
    before = [each.identifier for each in list_models(alice)]
    page = ada_client.get("/admin/conversations/chatmodel/").content.decode()
    assert ChatModel.objects.filter(identifier=SITE).exists()
    assert [each.identifier for each in list_models(alice)] == before == [SITE, QUICK]
    assert page.index(f">{SITE}<") < page.index(">A quick one<")


def test_another_model_is_the_default_once_it_is_put_before_that_of_the_settings(
    alice: User,
) -> None:
    add_model(SITE, position=1)
    add_model(QUICK, position=0)
    assert [each.identifier for each in list_models(alice)] == [QUICK, SITE]


@pytest.mark.parametrize(
    ("window", "longest_reply", "budget"),
    [
        (None, None, 100_000),
        (1_200, None, 1_200),
        (1_200, 200, 1_000),
        (1_200, 900, 600),
        (1_200, 1_200, 600),
        (1_000_000, 1_000_000, 100_000),
    ],
)
def test_the_longest_reply_leaves_half_of_the_window(
    settings: Settings, window: int | None, longest_reply: int | None, budget: int
) -> None:
    settings.CONTEXT_BUDGET = 100_000
    add_model(QUICK, context_window=window, longest_reply=longest_reply)
    assert find_model(QUICK).context_budget == budget
