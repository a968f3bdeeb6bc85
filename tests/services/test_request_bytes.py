"""The request that the model gets, byte for byte, with all on that can be set."""

import pytest

from chatsite.accounts.models import User
from conversations.comparisons.variants import Variant
from conversations.models import ChatModel, InstructionPolicy, Message, OwnInstructions
from conversations.offline_model import OfflineModel
from conversations.services import turns
from conversations.services.beginnings import Choices
from tests.factories import make_assistant
from tests.services.writing import wait_until_saved

NOTE = "(Date: Monday, 1 January 2024.)"

pytestmark = pytest.mark.django_db(transaction=True)


def set_all(alice: User) -> Choices:
    """A preamble, an assistant with a model and parameters, instructions and parameters of one's
    own.
    """
    ChatModel.objects.create(identifier="large/model", label="Large", is_for_all=True)
    InstructionPolicy(pk=1, preamble="Be kind to {{name}}.").save()
    OwnInstructions.objects.create(user=alice, about_me="I teach.")
    assistant = make_assistant(
        alice,
        instructions="Edit letters. Today is {{date}}.",
        model="large/model",
        parameters={"temperature": 0.2, "top_p": 0.5},
    )
    return Choices(assistant_id=assistant.pk, parameters={"top_p": 0.9, "stop": ["END"]})


def expect_request(model: bytes, parameters: bytes) -> bytes:
    return (
        b'{"model": "' + model + b'", "messages": ['
        b'{"role": "system", "content": "Be kind to alice.\\n\\nEdit letters. Today is the date '
        b'given with the newest message.\\n\\nAbout the user, in their own words:\\nI teach."}, '
        b'{"role": "user", "content": "Sch\xc3\xb6n\\n\\n' + NOTE.encode() + b'"}], '
        b'"stream": true, "stream_options": {"include_usage": true}, ' + parameters + b"}"
    )


def test_with_all_of_it_on(alice: User, model: OfflineModel) -> None:
    choices = set_all(alice)
    turn = turns.start_conversation(owner=alice, text="Schön", token="a", choices=choices)
    note = Message.objects.get(pk=turn.message.pk).context_note or ""
    wait_until_saved(turn.reply)
    (request,) = model.requests
    sent = request.content.replace(note.encode(), NOTE.encode())
    assert sent == expect_request(
        b"large/model", b'"temperature": 0.2, "top_p": 0.9, "stop": ["END"]'
    )


def test_both_of_two_that_are_compared(alice: User, model: OfflineModel) -> None:
    choices = set_all(alice)
    variant = Variant("test-model", {"temperature": 1.5})
    turn = turns.start_conversation(
        owner=alice, text="Schön", token="a", choices=choices, variant=variant
    )
    note = Message.objects.get(pk=turn.message.pk).context_note or ""
    for reply in turn.message.children.all():
        wait_until_saved(reply)
    sent = {each.content.replace(note.encode(), NOTE.encode()) for each in model.requests}
    assert sent == {
        expect_request(b"large/model", b'"temperature": 0.2, "top_p": 0.9, "stop": ["END"]'),
        expect_request(b"test-model", b'"temperature": 1.5, "top_p": 0.5'),
    }
