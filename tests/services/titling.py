"""How the tests wait for a conversation's title, and hold one back."""

from conversations.models import Conversation
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.model_titles import get_pool
from tests.services.writing import TIMEOUT, write_reply

MESSAGE = "Please explain how binary heaps work, with an example."
REPLY = "Four."


def wait_titled(conversation: Conversation) -> Conversation:
    """Returns the conversation once no title is awaited for it."""
    if title := get_pool().find(conversation.pk):
        assert title.wait_done(TIMEOUT)
    conversation.refresh_from_db()
    return conversation


def hold_title(conversation: Conversation, model: OfflineModel) -> Gate:
    """Has the first reply written, and the request for its title wait for the gate."""
    gate = Gate()
    model.script(Fault(text=REPLY), Fault(gate=gate, text="Heaps of fun"))
    write_reply(conversation)
    model.wait_for_request(2)
    return gate
