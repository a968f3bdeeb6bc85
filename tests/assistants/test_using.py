"""An assistant in a conversation that has begun: what it changes, and what the page says of it."""

from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.assistants import services
from conversations.assistants.content import AssistantContent
from conversations.models import Conversation, OwnInstructions
from conversations.prompt_counts import PromptCounts
from conversations.services.assistant_choice import use_assistant
from conversations.services.system_prompts import use_own_instructions
from tests.factories import make_assistant, make_conversation
from tests.model_catalog.factories import add_model
from tests.views.html import HTMX, parse


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
