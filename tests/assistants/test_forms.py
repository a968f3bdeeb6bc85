"""What is typed into the form of an assistant."""

import pytest

from chatsite.accounts.models import User
from conversations.assistants.content import AssistantContent
from conversations.assistants.forms import AssistantForm, count_emoji
from conversations.models import ChatModel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("emoji", ["🦊", "👩‍🚀", "👍🏽", "🇩🇪", "1️⃣", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_one_emoji_is_one(emoji: str) -> None:
    assert count_emoji(emoji) == 1


@pytest.mark.parametrize("text", ["fox", "F", "🦊🦊", "🦊!", "12", "<b>", "\u202e🦊", "🦊\u200b"])
def test_anything_else_is_none(text: str) -> None:
    assert count_emoji(text) != 1


def read(user: User, **typed: str) -> AssistantForm:
    form = AssistantForm({"name": "Fox"} | typed, user=user)
    form.is_valid()
    return form


def test_a_name_is_one_line_that_can_be_seen(alice: User) -> None:
    assert read(alice, name=" The\u200b fox ").cleaned_data["name"] == "The fox"
    assert "name" in read(alice, name="\u2800").errors


def test_there_are_at_most_eight_ways_to_begin(alice: User) -> None:
    assert "starters" in read(alice, starters="\n".join("abcdefghi")).errors


def test_with_one_model_there_is_nothing_to_choose(alice: User) -> None:
    assert "model" not in read(alice).fields


def test_a_model_that_its_user_cannot_choose_stays(alice: User) -> None:
    for name in ("a", "b"):
        ChatModel.objects.create(identifier=name, label=name, is_for_all=True)
    content = AssistantContent(name="Fox", model="gone")
    form = AssistantForm({"name": "Fox", "model": "gone"}, user=alice, content=content)
    assert form.is_valid()
    assert form.to_content({}).model == "gone"
    assert "model" in read(alice, model="gone").errors


def test_who_shares_them_chooses_from_the_models_of_all_groups(alice: User, ada: User) -> None:
    ChatModel.objects.create(identifier="of-a-group", label="Thorough")
    ChatModel.objects.create(identifier="off", label="off", is_on=False)
    assert read(ada, model="of-a-group").errors == {}
    assert "model" in read(ada, model="off").errors
    assert "model" not in read(alice).fields
