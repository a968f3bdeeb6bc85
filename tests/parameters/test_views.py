"""The pages of parameters: of a conversation, of one reply, and of administrators."""

from collections.abc import Iterator

import pytest
from django.test import Client

from conversations.models import Conversation, Message, ParameterPolicy
from conversations.offline_model import OfflineModel
from conversations.parameters import schema_check
from conversations.services import copies, records
from tests.factories import owner_of
from tests.services.writing import continue_reply, regenerate, send, wait_until_saved
from tests.views.html import HTMX, parse

ADMIN = "/admin/conversations/parameterpolicy/1/change/"
STRICT = '{"type": "object", "properties": {}, "additionalProperties": false}'


@pytest.fixture(autouse=True)
def checking() -> Iterator[None]:
    yield
    schema_check.stop_queue()


def url(conversation: Conversation, name: str = "parameters") -> str:
    return f"/c/{conversation.pk}/{name}/"


def retry_url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/messages/{conversation.leaf_id}/retry-with/"


def own(conversation: Conversation) -> object:
    conversation.refresh_from_db()
    return conversation.parameters


def test_what_is_saved_is_shown_again_and_shown_it_changes_nothing(
    alice_client: Client, conversation: Conversation
) -> None:
    data = {"temperature": "0.3", "stop": "END", "response_format": "json_schema"}
    response = alice_client.post(url(conversation), data | {"schema": STRICT}, headers=HTMX)
    assert "The parameters were saved." in response.content.decode()
    saved = own(conversation)
    for _ in range(2):
        page = parse(alice_client.get(url(conversation)))
        assert page.one("input", name="temperature")["value"] == "0.3"
        assert "Sent: 0.3, as set for this conversation." in page.text
        assert "The service keeps to this schema." in page.text
    assert own(conversation) == saved


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    alice_client: Client, conversation: Conversation
) -> None:
    data = {"temperature": "0.3", "seed": "0"}
    for headers in (HTMX, {}):
        response = alice_client.post(url(conversation), data, headers=headers)
        page = parse(response)
        assert response.status_code == 422
        assert page.one("input", name="temperature")["value"] == "0.3"
        seed = page.one("input", name="seed")
        assert (seed["value"], seed["aria-invalid"]) == ("0", "true")
        assert "autofocus" in seed.attributes
        assert "Type a whole number from 1 to 2,147,483,647." in page.text
    assert own(conversation) == {}


def test_a_default_is_put_back_without_saving(
    alice_client: Client, conversation: Conversation
) -> None:
    data = {"temperature": "0.3", "seed": "7", "reset": "seed"}
    page = parse(alice_client.post(url(conversation), data, headers=HTMX))
    assert page.one("input", name="temperature")["value"] == "0.3"
    assert "value" not in page.one("input", name="seed").attributes
    page = parse(alice_client.post(url(conversation), data | {"reset": "all"}, headers=HTMX))
    assert "value" not in page.one("input", name="temperature").attributes
    assert own(conversation) == {}


@pytest.mark.parametrize(
    ("field", "data", "said"),
    [
        ("temperature", {"temperature": "0.3"}, "Sent: 0.3, as set for this conversation."),
        ("temperature", {"temperature": ""}, "Not sent: the model’s default."),
        ("temperature", {"temperature": "9"}, "Type a number from 0 to 2"),
        ("temperature", {"temperature": "1", "reply": "1"}, "Sent: 1, for this reply alone."),
        ("schema", {"response_format": "json_schema", "schema": "{"}, "This isn’t JSON"),
        ("schema", {"response_format": "json_schema", "schema": STRICT}, "keeps to this schema"),
    ],
)
def test_a_field_is_checked_while_somebody_types(
    alice_client: Client, conversation: Conversation, field: str, data: dict[str, str], said: str
) -> None:
    response = alice_client.post(f"{url(conversation, 'parameters/check')}?field={field}", data)
    assert said in response.content.decode()
    assert own(conversation) == {}


def test_no_other_field_is_checked(alice_client: Client, conversation: Conversation) -> None:
    check = url(conversation, "parameters/check")
    assert alice_client.post(f"{check}?field=messages").status_code == 404


def test_each_reply_keeps_what_it_was_made_with(
    conversation: Conversation, model: OfflineModel, transactional_db: None
) -> None:
    values = {"temperature": 0.3, "max_tokens": 2}
    Conversation.objects.filter(pk=conversation.pk).update(parameters=values)
    reply = wait_until_saved(send(conversation, "Hello", token="a").reply)
    sent = model.requests[0].body
    assert (sent["temperature"], sent["max_tokens"]) == (0.3, 2)
    Conversation.objects.filter(pk=conversation.pk).update(parameters={})
    assert wait_until_saved(continue_reply(reply)).parameters == reply.parameters
    assert model.requests[1].body["max_tokens"] == 2
    assert wait_until_saved(regenerate(reply)).parameters is None
    record = records.make_message_record(Message.objects.get(pk=reply.pk))
    assert record["parameters"] == {
        "temperature": {"value": 0.3, "from": "conversation"},
        "max_tokens": {"value": 2, "from": "conversation"},
    }


def test_the_request_is_what_the_page_says_byte_for_byte(
    conversation: Conversation, model: OfflineModel, transactional_db: None
) -> None:
    values = {"seed": 7, "response_format": {"type": "json_object"}, "stop": ["\n"]}
    Conversation.objects.filter(pk=conversation.pk).update(parameters=values)
    wait_until_saved(send(conversation, "And now?", token="a").reply)
    body = model.requests[0].body
    assert body["messages"][-1]["content"] == "And now?\n\n(Answer with one JSON object.)"
    assert list(body)[-3:] == ["stop", "seed", "response_format"]
    assert body["response_format"] == {"type": "json_object"}
    wait_until_saved(send(conversation, "As JSON, please.", token="b").reply)
    assert model.requests[1].body["messages"][-1]["content"] == "As JSON, please."


def test_bounds_hold_that_were_narrowed_since(
    conversation: Conversation, model: OfflineModel, transactional_db: None
) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(parameters={"temperature": 1.8})
    ParameterPolicy(pk=1, rules={"temperature": {"most": 1}}).save()
    reply = wait_until_saved(send(conversation, "Hello", token="a").reply)
    assert model.requests[0].body["temperature"] == 1
    assert reply.parameters == {"temperature": {"value": 1, "from": "conversation", "asked": 1.8}}


def test_a_reply_is_had_again_with_others_for_once(
    alice_client: Client, conversation: Conversation, model: OfflineModel, transactional_db: None
) -> None:
    page = parse(alice_client.get(retry_url(conversation), headers=HTMX))
    data = {"temperature": "1.5", "token": page.one("input", name="token")["value"]}
    for _ in range(2):
        response = alice_client.post(retry_url(conversation), data, headers=HTMX)
        assert response.status_code == 200
    made = Message.objects.latest("pk")
    wait_until_saved(made)
    assert made.parameters == {"temperature": {"value": 1.5, "from": "reply"}}
    assert [request.body["temperature"] for request in model.requests] == [1.5]
    assert own(conversation) == {}


def test_a_refused_attempt_keeps_what_was_typed(
    alice_client: Client, conversation: Conversation
) -> None:
    running = conversation.messages.create(role="assistant", status="streaming")
    data = {"temperature": "1.5"}
    response = alice_client.post(retry_url(conversation), data)
    page = parse(response)
    assert response.status_code == 409
    assert page.one("input", name="temperature")["value"] == "1.5"
    assert "A reply is still being written." in page.text
    running.delete()


def test_a_message_of_ones_own_is_not_had_again(
    alice_client: Client, conversation: Conversation
) -> None:
    message = conversation.messages.get(role="user")
    path = f"/c/{conversation.pk}/messages/{message.pk}/retry-with/"
    assert alice_client.get(path).status_code == 404


def test_a_copy_keeps_them(conversation: Conversation) -> None:
    kept = {"seed": {"value": 7, "from": "reply"}}
    conversation.messages.filter(role="assistant").update(parameters=kept)
    Conversation.objects.filter(pk=conversation.pk).update(parameters={"seed": 7})
    copy = copies.copy_branch(
        owner=owner_of(conversation),
        conversation_id=conversation.pk,
        message_id=conversation.leaf_id or 0,
    )
    assert copy.parameters == {"seed": 7}
    assert copy.leaf
    assert copy.leaf.parameters == kept


# What administrators decide


def test_what_administrators_decide_holds_at_once(
    ada_client: Client, alice_client: Client, conversation: Conversation
) -> None:
    response = ada_client.post(
        ADMIN,
        {
            "temperature_is_changeable": "on",
            "temperature_default": "0.3",
            "temperature_least": "0",
            "temperature_most": "1",
            "stop_default": "END",
            "response_format_default": "json_object",
            "response_format_is_changeable": "on",
        },
    )
    assert response.status_code == 302
    rules = ParameterPolicy.objects.get().rules
    assert rules["temperature"] == {"default": 0.3, "most": 1}
    assert rules["stop"] == {"default": ["END"], "is_fixed": True}
    page = parse(alice_client.get(url(conversation)))
    temperature = page.one("input", name="temperature")
    assert (temperature["max"], temperature["placeholder"]) == ("1", "Default (0.3)")
    assert not page.all("input", name="seed")
    assert not page.all("textarea", name="stop")
    assert "Sent: “END”, as set for this site." in page.text
    form = parse(ada_client.get(ADMIN))
    assert form.one("input", name="temperature_default")["value"] == "0.3"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"seed_least": "9", "seed_most": "3"}, "This is less than the least."),
        ({"seed_default": "2", "seed_least": "3"}, "This is beyond the bounds."),
        ({"temperature_default": "3"}, "Type a number from 0 to 2"),
    ],
)
def test_bounds_that_make_no_sense_are_refused(
    ada_client: Client, data: dict[str, str], said: str
) -> None:
    assert said in parse(ada_client.post(ADMIN, data)).text
    assert ParameterPolicy.current().rules == {}


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_there_is_no_second_policy_and_no_none(ada_client: Client, path: str) -> None:
    assert ada_client.get(f"/admin/conversations/parameterpolicy/{path}").status_code == 403
