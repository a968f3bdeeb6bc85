"""What the page of a new chat offers of assistants: the chosen one, and a row of those one uses."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from conversations.assistants import queries
from conversations.models import Assistant

ROW = 4
# In the place of an id: none, where there is a default.
NONE = "none"


@dataclass(frozen=True)
class NewChatAssistants:
    """`sentence` says why the one of a link isn't the chosen one."""

    chosen: Assistant | None = None
    offered: Sequence[Assistant] = ()
    sentence: str = ""


def read_assistants(user: User, wanted: str | None) -> NewChatAssistants:
    """Return what is offered, and chosen by an id; the default without one. Asks nothing of the
    database while nobody has an assistant.
    """
    if not queries.has_any():
        return NewChatAssistants(sentence=explain_missing() if is_id(wanted) else "")
    offered = list(queries.sort_by_use(queries.list_usable(user), user)[:ROW])
    if wanted is None:
        return NewChatAssistants(queries.find_default(user), offered)
    if wanted in ("", NONE):
        return NewChatAssistants(None, offered)
    chosen = find_named(user, wanted)
    return NewChatAssistants(chosen, offered, "" if chosen else explain_missing())


def is_id(wanted: str | None) -> bool:
    return wanted not in (None, "", NONE)


def find_named(user: User, wanted: str) -> Assistant | None:
    try:
        return queries.find_usable(user, uuid.UUID(wanted))
    except ValueError:
        return None


def explain_missing() -> str:
    return _(
        "This assistant isn’t available to you, or isn’t there any more. Choose another one, or "
        "begin without."
    )
