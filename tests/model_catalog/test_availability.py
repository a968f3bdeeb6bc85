"""Models that are for some, or were switched off."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import ChatModel, Conversation
from conversations.offline_model import OfflineModel
from tests.model_catalog.choices import FORM, choices, set_model, switch_off, url
from tests.model_catalog.factories import SITE, THOROUGH
from tests.services.writing import wait_for_replies
from tests.views.html import HTMX, parse

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_model_for_a_group_is_offered_to_its_members_alone(
    alice: User, alice_client: Client, bob_client: Client, models: list[ChatModel]
) -> None:
    group = Group.objects.create(name="research")
    alice.groups.add(group)
    models[2].is_for_all = False
    models[2].save()
    models[2].groups.add(group)
    assert THOROUGH in choices(parse(alice_client.get("/")))
    assert THOROUGH not in choices(parse(bob_client.get("/")))


@pytest.mark.usefixtures("models")
def test_nobody_begins_with_a_model_that_is_not_theirs(
    bob_client: Client, models: list[ChatModel]
) -> None:
    models[2].is_for_all = False
    models[2].save()
    response = bob_client.post("/", FORM | {"model": THOROUGH}, headers=HTMX)
    assert response.status_code == 422
    assert "“Thorough” is not available to you" in response.content.decode()
    assert not Conversation.objects.exists()


@pytest.mark.usefixtures("models")
def test_where_the_model_was_switched_off_the_default_answers_and_the_page_says_so(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    set_model(conversation, THOROUGH)
    switch_off(THOROUGH)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    said = "“Thorough” is not available to you any more. “Everyday” answers from here on."
    assert page.by_id("model-note").text.strip() == said
    response = alice_client.post(url(conversation), FORM, headers=HTMX)
    assert said in parse(response).text
    wait_for_replies()
    assert model.requests[-1].body["model"] == SITE


@pytest.mark.usefixtures("models")
def test_without_scripts_it_is_said_as_well(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    set_model(conversation, THOROUGH)
    switch_off(THOROUGH)
    page = parse(alice_client.post(url(conversation), FORM, follow=True))
    wait_for_replies()
    assert "“Everyday” answers from here on." in page.text


@pytest.mark.usefixtures("models", "model")
@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(("role", "action"), [("user", "edit"), ("assistant", "retry")])
def test_it_is_said_of_another_version_as_well(
    alice_client: Client,
    conversation: Conversation,
    role: str,
    action: str,
    headers: dict[str, str],
) -> None:
    set_model(conversation, THOROUGH)
    switch_off(THOROUGH)
    message = conversation.messages.get(role=role)
    address = f"{conversation.get_absolute_url()}messages/{message.pk}/{action}/"
    page = parse(alice_client.post(address, FORM, headers=headers, follow=True))
    wait_for_replies()
    assert "“Everyday” answers from here on." in page.text


@pytest.mark.usefixtures("models")
def test_who_may_use_no_model_is_told_so(alice_client: Client) -> None:
    for row in ChatModel.objects.all():
        switch_off(row.identifier)
    assert "no model that you may use" in parse(alice_client.get("/")).text
    assert alice_client.post("/", FORM, headers=HTMX).status_code == 422
