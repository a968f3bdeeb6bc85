"""One title, from the question whether it is wanted to the row that it ends in."""

from django.db import connection

from chatsite.accounts.budgets.status import compute_budget_status
from chatsite.accounts.models import User
from conversations.model_catalog.catalog import get_prices
from conversations.models import Message, ModelRequest
from conversations.services.model_titles import asking, saving
from conversations.services.model_titles.asking import FILE_NAMES_LENGTH, MESSAGE_LENGTH
from conversations.services.model_titles.awaited_title import AwaitedTitle
from conversations.services.replies.saving import retry_until_shutdown


def write_title(awaited: AwaitedTitle) -> None:
    """Ask for a title and save it, if it is wanted and its owner's budget has room for it."""
    if awaited.cancellation.cancelled or not is_wanted(awaited):
        return
    text, prices = read_message(awaited), get_prices(awaited.model)
    # A connection held while the model writes is one that a page is waiting for.
    connection.close()
    answer = asking.request_title(awaited, text, prices)
    retry_until_shutdown(
        lambda: saving.save_answer(awaited, answer), f"title of {awaited.conversation_id}"
    )


def is_wanted(awaited: AwaitedTitle) -> bool:
    """Nobody has given it one, its owner may use it and pay for it, and it wasn't asked before."""
    wanted = saving.list_untitled(awaited).filter(owner__is_active=True)
    if not wanted.exists() or has_been_asked(awaited):
        return False
    owner = User.objects.filter(pk=awaited.owner_id).first()
    return owner is not None and compute_budget_status(owner).used_up is None


def has_been_asked(awaited: AwaitedTitle) -> bool:
    asked = ModelRequest.objects.filter(kind=ModelRequest.Kind.TITLE)
    return asked.filter(conversation_id=awaited.conversation_id).exists()


def read_message(awaited: AwaitedTitle) -> str:
    """Return what the first reply answers, and what the files are called that came with it."""
    found = Message.objects.filter(children=awaited.reply_id).only("text", "file_count").first()
    if found is None:
        return ""
    if not found.file_count:
        return found.text[:MESSAGE_LENGTH]
    names = ", ".join(found.attachments.values_list("name", flat=True))[:FILE_NAMES_LENGTH]
    return f"{found.text[:MESSAGE_LENGTH]}\n\n[Attached: {names}]"
