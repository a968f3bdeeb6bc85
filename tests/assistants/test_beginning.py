"""Chats that begin with an assistant, and what the model is asked for in them."""

from typing import Any

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.assistants import services
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant, Conversation, OwnInstructions
from conversations.offline_model import OfflineModel
from conversations.services import copies, regenerations, turns
from conversations.services.assistant_choice import use_assistant
from conversations.services.beginnings import AssistantUnavailableError, Choices
from tests.factories import make_assistant, make_conversation
from tests.model_catalog.factories import add_model
from tests.services.writing import continue_reply, regenerate, send, wait_until_saved


def begin(owner: User, assistant: Assistant, **choices: Any) -> Conversation:
    chosen = Choices(assistant_id=assistant.pk, **choices)
    turn = turns.start_conversation(owner=owner, text="Hello", token="a", choices=chosen)
    wait_until_saved(turn.reply)
    return Conversation.objects.get(pk=turn.reply.conversation_id)


def body(model: OfflineModel) -> dict[str, Any]:
    found: dict[str, Any] = model.requests[-1].body
    return found


@pytest.mark.django_db(transaction=True)
def test_the_request_has_its_instructions_model_and_parameters(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    add_model(settings.CHAT_MODEL)
    add_model("other/model", position=1)
    OwnInstructions.objects.create(user=alice, about_me="I keep hens.")
    made = make_assistant(
        alice,
        instructions="Be sly, {{name}}.",
        model="other/model",
        parameters={"temperature": 0.3, "seed": 7},
    )
    conversation = begin(alice, made)
    sent = body(model)
    assert sent["messages"] == [
        {
            "role": "system",
            "content": "Be sly, alice.\n\nAbout the user, in their own words:\nI keep hens.",
        },
        {"role": "user", "content": "Hello"},
    ]
    assert (sent["model"], sent["temperature"], sent["seed"]) == ("other/model", 0.3, 7)
    assert conversation.assistant == made
    assert conversation.assistant_version == made.latest
    reply = conversation.messages.latest("pk")
    assert reply.parameters == {
        "temperature": {"value": 0.3, "from": "assistant"},
        "seed": {"value": 7, "from": "assistant"},
    }


@pytest.mark.django_db(transaction=True)
def test_the_conversations_parameters_lie_over_the_assistants(
    alice: User, model: OfflineModel
) -> None:
    made = make_assistant(alice, parameters={"temperature": 0.3, "max_tokens": 2})
    conversation = begin(alice, made)
    Conversation.objects.update(parameters={"temperature": 1.5})
    reply = wait_until_saved(send(conversation, "And now?", token="b").reply)
    assert (body(model)["temperature"], body(model)["max_tokens"]) == (1.5, 2)
    again = regenerations.regenerate_reply(
        owner=alice, conversation_id=conversation.pk, message_id=reply.pk, parameters={}
    ).reply
    wait_until_saved(again)
    assert (body(model)["temperature"], body(model)["max_tokens"]) == (0.3, 2)
    assert wait_until_saved(continue_reply(again)).parameters == again.parameters


@pytest.mark.django_db(transaction=True)
def test_a_model_that_one_may_not_use_gives_way_to_the_default(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    add_model(settings.CHAT_MODEL)
    add_model("secret", is_for_all=False, position=1)
    begin(alice, make_assistant(alice, model="secret"))
    assert body(model)["model"] == settings.CHAT_MODEL


@pytest.mark.django_db(transaction=True)
def test_a_conversation_keeps_its_version_until_it_takes_the_new_one(
    alice: User, model: OfflineModel
) -> None:
    made = make_assistant(alice, instructions="Be sly.")
    conversation = begin(alice, made)
    changed = AssistantContent(name="Fox", instructions="Be kind.")
    services.edit_assistant(user=alice, assistant_id=made.pk, content=changed)
    wait_until_saved(send(conversation, "And now?", token="b").reply)
    assert body(model)["messages"][0]["content"] == "Be sly."
    use_assistant(owner=alice, conversation_id=conversation.pk, assistant_id=made.pk)
    conversation.refresh_from_db()
    assert conversation.counted_from is not None
    wait_until_saved(send(conversation, "And then?", token="c").reply)
    assert body(model)["messages"][0]["content"] == "Be kind."
    wait_until_saved(regenerate(conversation.messages.latest("pk")))
    assert body(model)["messages"][0]["content"] == "Be kind."


@pytest.mark.django_db(transaction=True)
def test_a_copy_keeps_the_assistant(alice: User, model: OfflineModel) -> None:
    conversation = begin(alice, make_assistant(alice))
    assert conversation.leaf_id
    copy = copies.copy_branch(
        owner=alice, conversation_id=conversation.pk, message_id=conversation.leaf_id
    )
    assert copy.assistant_version == conversation.assistant_version


def test_somebody_elses_begins_nothing(alice: User, bob: User) -> None:
    made = make_assistant(bob)
    choices = Choices(assistant_id=made.pk)
    with pytest.raises(AssistantUnavailableError):
        turns.start_conversation(owner=alice, text="Hello", token="a", choices=choices)
    conversation = make_conversation(alice, "Hello")
    with pytest.raises(AssistantUnavailableError):
        use_assistant(owner=alice, conversation_id=conversation.pk, assistant_id=made.pk)
