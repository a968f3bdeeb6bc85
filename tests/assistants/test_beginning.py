"""Chats that begin with an assistant, and what the model is asked for in them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.assistants import services
from conversations.assistants.content import AssistantContent
from conversations.models import Assistant, ChatModel, Conversation, Message, OwnInstructions
from conversations.offline_model import OfflineModel
from conversations.prompt_counts import PromptCounts
from conversations.services import copies, turns
from conversations.services.assistant_choice import use_assistant
from conversations.services.beginnings import AssistantUnavailableError, Choices
from conversations.services.system_prompts import use_own_instructions
from tests.factories import make_assistant, make_conversation
from tests.services.writing import continue_reply, regenerate, send, wait_until_saved
from tests.views.html import HTMX, parse

STARTERS = "Hunt | Where are the hens?\nHow are you?"


def begin(owner: User, assistant: Assistant, **choices: Any) -> Conversation:
    chosen = Choices(assistant_id=assistant.pk, **choices)
    turn = turns.start_conversation(owner=owner, text="Hello", token="a", choices=chosen)
    wait_until_saved(turn.reply)
    return Conversation.objects.get(pk=turn.reply.conversation_id)


def add_model(name: str, **fields: Any) -> None:
    ChatModel.objects.create(**({"identifier": name, "label": name, "is_for_all": True} | fields))


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
    again = turns.regenerate_reply(
        owner=alice, conversation_id=conversation.pk, message_id=reply.pk, parameters={}
    )
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


def test_a_model_that_one_may_not_use_leaves_a_conversation_its_own(
    alice: User, settings: Settings
) -> None:
    add_model(settings.CHAT_MODEL)
    add_model("other/model", position=1)
    add_model("secret", is_for_all=False, position=2)
    conversation = make_conversation(alice, "Hello", "Hi.")
    Conversation.objects.update(model="other/model")
    made = make_assistant(alice, model="secret")
    told = use_assistant(owner=alice, conversation_id=conversation.pk, assistant_id=made.pk)
    assert (told.assistant, told.model) == (made, "other/model")


def test_what_was_counted_before_an_assistant_says_nothing_of_what_it_is_sent(
    alice: User, settings: Settings
) -> None:
    add_model(settings.CHAT_MODEL)
    add_model("other/model", position=1)
    conversation = make_conversation(alice, "Hello", "Hi.")
    conversation.messages.update(requested_model=None, prompt_tokens=5)
    made = make_assistant(alice, model="other/model")
    use_assistant(owner=alice, conversation_id=conversation.pk, assistant_id=made.pk)
    conversation.refresh_from_db()
    assert conversation.model == "other/model"
    counts = PromptCounts.for_next(conversation)
    assert not any(counts.has(message) for message in conversation.messages.all())


def test_own_instructions_are_added_to_what_the_conversation_is_told_by_then(alice: User) -> None:
    OwnInstructions.objects.create(user=alice, how_to_reply="Be short.", is_on=False)
    conversation = make_conversation(alice, "Hello", "Hi.")
    made = make_assistant(alice, instructions="Be sly.")
    use_assistant(owner=alice, conversation_id=conversation.pk, assistant_id=made.pk)
    use_own_instructions(owner=alice, conversation_id=conversation.pk, is_used=True)
    conversation.refresh_from_db()
    assert conversation.assistant == made
    assert conversation.system_prompt.startswith("Be sly.\n\n")
    assert conversation.system_prompt.endswith("Be short.")


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


def test_a_new_chat_shows_nothing_of_assistants_where_there_are_none(alice_client: Client) -> None:
    page = alice_client.get("/").content.decode()
    assert "assistant-row" not in page
    assert "composer-assistant" not in page


def test_the_last_used_come_first(alice_client: Client, alice: User) -> None:
    for name in ("Ant", "Bee", "Cat"):
        made = make_assistant(alice, name)
    conversation = make_conversation(alice, "Hello")
    conversation.assistant, conversation.assistant_version = made, made.latest
    conversation.save()
    page = alice_client.get("/").content.decode()
    assert page.index("Cat</span>") < page.index("Ant</span>") < page.index("Bee</span>")


def test_a_link_begins_a_chat_with_it(alice_client: Client, alice: User) -> None:
    made = make_assistant(alice, description="Sly.", starters=STARTERS)
    page = parse(alice_client.get(f"/?assistant={made.pk}"))
    assert page.by_id("composer-assistant")["value"] == str(made.pk)
    assert "Sly." in page.text
    assert [each["value"] for each in page.all("button", name="text")] == [
        "Where are the hens?",
        "How are you?",
    ]


def test_a_link_to_one_of_its_ways_to_begin_puts_it_into_the_box(
    alice_client: Client, alice: User
) -> None:
    made = make_assistant(alice, starters=STARTERS)
    page = alice_client.get(f"/?assistant={made.pk}&begin=1").content.decode()
    assert "\nWhere are the hens?</textarea>" in page


@pytest.mark.parametrize("of", ["bob", "nobody", "nonsense"])
def test_a_link_to_one_that_is_not_for_one_says_so(
    alice_client: Client, alice: User, bob: User, of: str
) -> None:
    made = make_assistant(bob)
    wanted = {"bob": str(made.pk), "nobody": str(alice.pk), "nonsense": "x"}[of]
    response = alice_client.get(f"/?assistant={wanted}")
    assert response.status_code == 200
    assert "isn’t available to you" in parse(response).text
    assert "Fox" not in response.content.decode()


def test_a_default_is_chosen_and_can_be_left_out(
    alice_client: Client, alice: User, ada: User
) -> None:
    made = make_assistant(ada)
    Assistant.objects.update(is_for_all=True, is_site_default=True)
    assert parse(alice_client.get("/")).by_id("composer-assistant")["value"] == str(made.pk)
    page = parse(alice_client.get("/?assistant=none"))
    assert page.by_id("composer-assistant")["value"] == ""


@pytest.mark.django_db(transaction=True)
def test_the_form_begins_with_what_it_says_and_keeps_it_when_refused(
    alice_client: Client, alice: User, model: OfflineModel
) -> None:
    made = make_assistant(alice)
    refused = alice_client.post("/", {"text": " ", "assistant": str(made.pk), "token": "a"})
    assert parse(refused).by_id("composer-assistant")["value"] == str(made.pk)
    alice_client.post("/", {"text": "Hello", "assistant": str(made.pk), "token": "a"})
    conversation = Conversation.objects.get()
    wait_until_saved(conversation.messages.latest("pk"))
    assert conversation.assistant == made
    alice_client.post("/", {"text": "Hello", "assistant": "", "token": "b"})
    latest = Conversation.objects.exclude(pk=conversation.pk).get()
    wait_until_saved(latest.messages.latest("pk"))
    assert latest.assistant is None


def with_assistant(owner: User) -> Conversation:
    made = make_assistant(owner, emoji="🦊", parameters={"temperature": 0.3})
    conversation = make_conversation(owner, "Hello", "Hi")
    conversation.assistant, conversation.assistant_version = made, made.latest
    conversation.save()
    return conversation


def test_a_conversation_shows_its_assistant_and_offers_what_is_new(
    alice_client: Client, alice: User
) -> None:
    conversation = with_assistant(alice)
    url = conversation.get_absolute_url()
    page = parse(alice_client.get(url)).text
    assert "🦊Fox" in page
    assert "has changed" not in page
    changed = AssistantContent(name="Vixen")
    assert conversation.assistant_id
    services.edit_assistant(user=alice, assistant_id=conversation.assistant_id, content=changed)
    assert "This assistant has changed." in parse(alice_client.get(url)).text
    data = {"assistant": str(conversation.assistant_id)}
    answer = parse(alice_client.post(f"{url}assistant/", data, headers=HTMX)).text
    assert "From the next reply on, “Vixen” answers." in answer
    assert "has changed" not in parse(alice_client.get(url)).text


def test_parameters_say_what_is_from_the_assistant(alice_client: Client, alice: User) -> None:
    conversation = with_assistant(alice)
    page = parse(alice_client.get(f"{conversation.get_absolute_url()}parameters/"))
    assert page.one("input", name="temperature")["placeholder"] == "From the assistant (0.3)"
    assert "Sent: 0.3, from the assistant." in page.text


def test_at_offers_those_that_are_found(alice_client: Client, alice: User) -> None:
    make_assistant(alice, "Fox")
    make_assistant(alice, "Owl")
    url = "/assistants/suggestions/?q=ow"
    page = parse(alice_client.get(url, headers=HTMX))
    assert [each["hx-post"] for each in page.all("li", role="option")] == ["/assistants/begin/"]
    assert "Owl" in page.text
    conversation = make_conversation(alice, "Hello")
    page = parse(alice_client.get(f"{url}&conversation={conversation.pk}", headers=HTMX))
    assert page.one("li", role="option")["hx-post"] == f"/c/{conversation.pk}/assistant/"


@pytest.mark.parametrize("number", [1, 30])
def test_a_new_chat_takes_the_same_queries_however_many_there_are(
    alice_client: Client, alice: User, django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        make_assistant(alice, f"Fox {index}")
    alice_client.get("/")
    # Two more than without: those that are offered, and the default.
    with django_assert_num_queries(11):
        alice_client.get("/")


def test_the_model_that_is_picked_follows_the_assistant(
    alice_client: Client, alice: User, settings: Settings
) -> None:
    add_model(settings.CHAT_MODEL)
    add_model("other/model", position=1)
    made = make_assistant(alice, model="other/model")
    conversation = make_conversation(alice, "Hello", "Hi")
    url = f"{conversation.get_absolute_url()}assistant/"
    page = parse(alice_client.post(url, {"assistant": str(made.pk)}, headers=HTMX))
    options = page.all("option")
    assert [each["value"] for each in options if "selected" in each.attributes] == ["other/model"]
    conversation.refresh_from_db()
    assert conversation.model == "other/model"


@pytest.mark.django_db
def test_text_can_be_had_of_an_assistant_that_replies_in_json(
    alice: User, alice_client: Client
) -> None:
    made = make_assistant(alice, parameters={"response_format": {"type": "json_object"}})
    form = {"assistant": str(made.pk), "text": "Hello", "token": "a"}
    carried = '{"response_format": {"type": "text"}}'
    page = parse(alice_client.post("/compare/", form | {"response_format": "text"}))
    compared = page.one("input", name="compare")["value"]
    sent = form | {"parameters": carried, "compare": compared}
    assert alice_client.post("/", sent).status_code == 302
    kept = Message.objects.filter(role="assistant").values_list("parameters", flat=True)
    assert [each and each["response_format"]["value"] for each in kept] == [{"type": "text"}] * 2


@pytest.mark.django_db
def test_what_is_compared_says_what_comes_from_the_assistant(
    alice: User, alice_client: Client
) -> None:
    made = make_assistant(alice, parameters={"temperature": 0.3})
    page = parse(alice_client.post("/compare/", {"open": "yes", "assistant": str(made.pk)}))
    assert page.one("input", name="temperature")["placeholder"] == "From the assistant (0.3)"
