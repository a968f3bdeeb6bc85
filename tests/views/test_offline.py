"""Every page says when replies come from the offline model, and no page when they don't."""

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from chatsite.server.error_pages import server_error
from conversations.models import Conversation
from tests.views.html import parse

PAGES = ("/", "/accounts/password/change/", "/admin/", "/nowhere/")


@pytest.mark.parametrize("path", PAGES)
def test_the_offline_model_is_named_on_every_page(
    rita_client: Client, settings: Settings, path: str
) -> None:
    settings.OFFLINE_MODEL = True
    text = parse(rita_client.get(path)).text
    assert "offline model" in text
    assert "AIMLAPI_API_KEY" in text


def test_the_offline_model_is_named_beside_a_conversation(
    alice_client: Client, conversation: Conversation, settings: Settings
) -> None:
    settings.OFFLINE_MODEL = True
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert "offline model" in page.text


@pytest.mark.django_db
def test_the_offline_model_is_named_where_people_sign_in(
    client: Client, settings: Settings
) -> None:
    settings.OFFLINE_MODEL = True
    assert "offline model" in parse(client.get("/accounts/login/")).text


def test_the_offline_model_is_named_where_the_server_broke(settings: Settings) -> None:
    settings.OFFLINE_MODEL = True
    page = parse(server_error(RequestFactory().get("/")))  # type: ignore[arg-type]
    assert "offline model" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_the_real_model_needs_no_note(rita_client: Client, settings: Settings, path: str) -> None:
    settings.OFFLINE_MODEL = False
    assert "offline model" not in parse(rita_client.get(path)).text
