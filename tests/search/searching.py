"""What tests of search have to search, and how they do."""

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.search import matching
from conversations.search.terms import parse_terms
from tests.factories import make_conversation


def say(owner: User, *texts: str, title: str = "Greetings") -> Conversation:
    """A conversation with these messages, and all of it to be found."""
    conversation = make_conversation(owner, *texts, title=title)
    worker.process_outbox()
    return conversation


def texts_with(query: str) -> list[str]:
    """The messages that are found, the newest first."""
    found = matching.match_messages(parse_terms(query)).select_related("message")
    return [document.message.text for document in found]
