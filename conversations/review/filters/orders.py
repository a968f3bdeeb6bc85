"""The orders of the queue."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatsite.core.pagination import Keyset, read_integer, read_moment, read_money
from conversations.review.identities import PSEUDONYM


def read_pseudonym(text: str) -> str:
    if not PSEUDONYM.fullmatch(text):
        raise ValueError("no pseudonym")
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "last_activity_at": read_moment,
    "message_count": read_integer,
    "tokens": read_integer,
    "cost_usd": read_money,
    "person": read_pseudonym,
    "pk": uuid.UUID,
}


@dataclass(frozen=True)
class Order(Keyset):
    readers: Mapping[str, Callable[[str], Any]] = field(default_factory=lambda: READERS)
    # As the URL has it.
    name: str = ""
    label: str | Promise = ""


LATEST = Order(("-last_activity_at", "-pk"), name="-activity", label=_("Latest activity first"))
ORDERS: Mapping[str, Order] = {
    order.name: order
    for order in (
        LATEST,
        Order(("last_activity_at", "pk"), name="activity", label=_("Oldest activity first")),
        Order(("-message_count", "-pk"), name="-messages", label=_("Most messages first")),
        Order(("message_count", "pk"), name="messages", label=_("Fewest messages first")),
        Order(("-tokens", "-pk"), name="-tokens", label=_("Most tokens first")),
        Order(("tokens", "pk"), name="tokens", label=_("Fewest tokens first")),
        Order(("-cost_usd", "-pk"), name="-cost", label=_("Dearest first")),
        Order(("cost_usd", "pk"), name="cost", label=_("Cheapest first")),
        # Of pseudonyms, for everybody: the order must not give names away.
        Order(("person", "-last_activity_at", "-pk"), name="user", label=_("By user, 0 to Z")),
        Order(("-person", "last_activity_at", "pk"), name="-user", label=_("By user, Z to 0")),
    )
}
