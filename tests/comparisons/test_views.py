"""Comparing on the page: the dialog, what the composer carries, both replies, and picking."""

import pytest
from django.test import Client

from conversations.comparisons.variants import Variant
from conversations.models import ChatModel, Conversation, Message
from tests.factories import add_message
from tests.views.html import HTMX, parse


def url(conversation: Conversation, name: str) -> str:
    return f"/c/{conversation.pk}/{name}/"


@pytest.fixture
def compared(conversation: Conversation) -> Message:
    """The second of two replies that have ended."""
    asked = add_message(conversation, role="user", text="Which one?")
    first = add_message(conversation, role="assistant", text="First", requested_model="a/model")
    second = add_message(
        conversation,
        role="assistant",
        text="Second",
        parent_id=asked.pk,
        slot=1,
        requested_model="b/model",
        parameters={"temperature": {"value": 0.2, "from": "reply"}},
    )
    conversation.leaf, conversation.compared = first, asked.pk
    conversation.save()
    return second


def test_both_replies_are_on_the_page(alice_client: Client, compared: Message) -> None:
    page = parse(alice_client.get(compared.conversation.get_absolute_url()))
    assert page.bodies()[-2:] == ["First", "Second"]
    assert [each["data-compared"] for each in page.all("article")[-2:]] == ["first", "second"]


def test_above_each_stands_what_it_was_made_with(alice_client: Client, compared: Message) -> None:
    page = parse(alice_client.get(compared.conversation.get_absolute_url()))
    assert [each.text for each in page.all("p", **{"class": "compared-with"})] == [
        "model",
        "model · Temperature 0.2",
    ]


def test_picking_leaves_the_picked_one_with_both_as_versions(
    alice_client: Client, compared: Message
) -> None:
    conversation = compared.conversation
    response = alice_client.post(url(conversation, f"messages/{compared.pk}/pick"), headers=HTMX)
    page = parse(response)
    assert page.bodies() == ["Second"]
    assert "2 / 2" in page.text
    assert "Keep this reply" not in page.text


def test_without_scripts_picking_leads_back_to_the_conversation(
    alice_client: Client, compared: Message
) -> None:
    response = alice_client.post(url(compared.conversation, f"messages/{compared.pk}/pick"))
    assert response["Location"].endswith(f"#m{compared.pk}")


def test_the_dialog_begins_with_the_parameters_of_the_conversation(
    alice_client: Client, conversation: Conversation
) -> None:
    conversation.parameters = {"temperature": 0.4}
    conversation.save()
    page = parse(alice_client.get(url(conversation, "compare")))
    assert page.one("input", name="temperature")["value"] == "0.4"


def test_what_would_be_made_alike_is_refused(
    alice_client: Client, conversation: Conversation
) -> None:
    response = alice_client.post(url(conversation, "compare"), {}, headers=HTMX)
    assert response.status_code == 422
    assert "Both replies would be made alike." in response.content.decode()


def test_a_number_out_of_range_is_refused_at_its_field(
    alice_client: Client, conversation: Conversation
) -> None:
    response = alice_client.post(url(conversation, "compare"), {"temperature": "9"}, headers=HTMX)
    assert response.status_code == 422
    assert "Type a number from 0 to 2" in response.content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_the_composer_carries_what_was_chosen(
    alice_client: Client, conversation: Conversation, headers: dict[str, str]
) -> None:
    data = {"temperature": "0.2"}
    page = parse(alice_client.post(url(conversation, "compare"), data, headers=headers))
    assert (
        page.one("input", name="compare")["value"]
        == Variant(parameters={"temperature": 0.2}).to_carried()
    )
    assert "Compared with Temperature 0.2" in page.text


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_new_chat_can_be_compared(alice_client: Client, headers: dict[str, str]) -> None:
    page = parse(alice_client.post("/compare/", {"temperature": "0.2"}, headers=headers))
    assert page.one("input", name="compare")


def test_a_message_with_what_the_composer_carries_brings_both_replies(
    alice_client: Client, conversation: Conversation
) -> None:
    carried = Variant(parameters={"temperature": 0.2}).to_carried()
    data = {"text": "Which one?", "token": "a", "compare": carried}
    page = parse(alice_client.post(url(conversation, "messages"), data, headers=HTMX))
    assert page.messages() == [
        ("user", "complete"),
        ("assistant", "streaming"),
        ("assistant", "streaming"),
    ]


def test_a_first_message_brings_both_replies(alice_client: Client) -> None:
    carried = Variant(parameters={"temperature": 0.2}).to_carried()
    data = {"text": "Which one?", "token": "a", "compare": carried}
    page = parse(alice_client.post("/", data, headers=HTMX))
    assert [role for role, _status in page.messages()] == ["user", "assistant", "assistant"]


def test_a_model_that_is_not_there_any_more_is_refused_and_the_text_kept(
    alice_client: Client, conversation: Conversation
) -> None:
    data = {"text": "Which one?", "compare": Variant("gone/model").to_carried()}
    response = alice_client.post(url(conversation, "messages"), data)
    assert response.status_code == 422
    page = parse(response)
    assert "is not available to you any more" in page.text
    assert page.by_id("composer-text").text.strip() == "Which one?"
    assert page.one("input", name="compare")


def test_bob_compares_nothing_of_alice(bob_client: Client, compared: Message) -> None:
    conversation = compared.conversation
    assert bob_client.get(url(conversation, "compare")).status_code == 404
    picked = bob_client.post(url(conversation, f"messages/{compared.pk}/pick"))
    assert picked.status_code == 404


@pytest.mark.parametrize("name", ["compare", "parameters"])
@pytest.mark.parametrize(
    "value",
    [
        f'{{"seed": {"9" * 400}}}',
        '{"response_format": {"type": []}}',
        '{"stop": ["\\ud800"]}',
        '{"stop": [1]}',
    ],
)
def test_what_a_form_carries_that_none_can_is_refused_and_the_text_kept(
    alice_client: Client, name: str, value: str
) -> None:
    carried = f'{{"model": "", "parameters": {value}}}' if name == "compare" else value
    response = alice_client.post("/", {"text": "Hello", name: carried})
    # A stop word that no database takes is taken without what it doesn't take.
    assert response.status_code in {302, 422}
    if response.status_code == 422:
        assert parse(response).by_id("composer-text").text.strip() == "Hello"


def test_a_new_chat_is_compared_with_what_it_would_begin_with(alice_client: Client) -> None:
    data = {"open": "yes", "parameters": '{"temperature": 0.4}'}
    page = parse(alice_client.post("/compare/", data, headers=HTMX))
    assert page.one("input", name="temperature")["value"] == "0.4"
    again = {"parameters": '{"temperature": 0.4}', "temperature": "0.4"}
    response = alice_client.post("/compare/", again, headers=HTMX)
    assert "Both replies would be made alike" in response.content.decode()


def test_the_model_that_a_new_chat_has_is_the_first_of_two(alice_client: Client) -> None:
    for position, name in enumerate(("a", "b")):
        ChatModel.objects.create(identifier=name, label=name, position=position, is_for_all=True)
    page = parse(alice_client.post("/compare/", {"open": "yes", "model": "b"}, headers=HTMX))
    assert page.one("input", name="model")["value"] == "b"
    data = {"model": "b", "other_model": "b"}
    assert "made alike" in alice_client.post("/compare/", data, headers=HTMX).content.decode()
    data = {"model": "b", "other_model": "a"}
    page = parse(alice_client.post("/compare/", data, headers=HTMX))
    assert page.one("input", name="compare")["value"] == Variant("a").to_carried()


def test_replies_that_are_compared_are_neither_continued_nor_had_again(
    alice_client: Client, compared: Message
) -> None:
    conversation = compared.conversation
    conversation.messages.filter(parent_id=compared.parent_id).update(status="stopped")
    html = alice_client.get(conversation.get_absolute_url()).content.decode()
    assert "Keep this reply" in html
    for pk in (compared.pk, conversation.leaf_id):
        assert f"/messages/{pk}/retry/" not in html
        assert f"/messages/{pk}/continue/" not in html
