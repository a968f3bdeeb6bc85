"""Models that the server has, taken over into the catalog: switched off, until somebody has looked
at what they cost and whom they are for.

What the server said of each travels through the form, signed, so that what was looked at is what is
added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Max
from django.utils.formats import number_format

from conversations.model_api import ServerModel
from conversations.model_catalog.catalog import make_label
from conversations.models import ChatModel

SALT = "conversations.server-models"
# Seconds for which a list that was shown can be chosen from.
FRESH_FOR = 3600
# How many are shown: a search finds the others.
SHOWN = 100
LARGEST = 32_767


@dataclass(frozen=True)
class Offer:
    """A model of the server as it is shown; `signed` is what the form sends back."""

    model: ServerModel
    is_there: bool
    signed: str

    @property
    def label(self) -> str:
        return choose_label(self.model)

    @property
    def sizes(self) -> list[str]:
        """Of the context window and the longest reply, in tokens."""
        found = (self.model.context_window, self.model.longest_reply)
        return [number_format(each, force_grouping=True) if each else "–" for each in found]

    @property
    def prices(self) -> list[str]:
        """Of input, cached input and output, as they are read."""
        prices = self.model.prices
        if prices is None:
            return ["–"] * 3
        found = (prices.input, prices.cached_input, prices.output)
        return [f"{price.normalize():f}" for price in found]


def choose_label(model: ServerModel) -> str:
    return (model.label or make_label(model.identifier))[:60]


def list_offers(models: Iterable[ServerModel], search: str = "") -> tuple[list[Offer], int]:
    """Return the models that a search finds, as many as are shown, and how many there are."""
    words = search.casefold().split()
    found = [
        each
        for each in models
        if all(word in f"{each.identifier} {each.label or ''}".casefold() for word in words)
    ]
    there = set(ChatModel.objects.values_list("identifier", flat=True))
    offers = [Offer(each, each.identifier in there, sign_model(each)) for each in found[:SHOWN]]
    return offers, len(found)


def sign_model(model: ServerModel) -> str:
    prices = model.prices
    return signing.dumps(
        {
            "identifier": model.identifier,
            "label": choose_label(model),
            "context_window": model.context_window,
            "longest_reply": model.longest_reply,
            "reads_images": model.reads_images is not False,
            "reads_files": model.reads_files is not False,
            "price_input": str(prices.input) if prices else None,
            "price_cached_input": str(prices.cached_input) if prices else None,
            "price_output": str(prices.output) if prices else None,
        },
        salt=SALT,
    )


def read_signed(signed: Sequence[str]) -> list[dict[str, Any]]:
    """Return the fields of what was chosen; of what isn't signed, or too old, nothing."""
    found = []
    for each in signed[:SHOWN]:
        try:
            found.append(signing.loads(each, salt=SALT, max_age=FRESH_FOR))
        except signing.BadSignature:
            continue
    return found


def add_models(chosen: Iterable[dict[str, Any]]) -> list[ChatModel]:
    """Add those that aren't there yet, below the others, and return them."""
    added: list[ChatModel] = []
    with transaction.atomic():
        last = ChatModel.objects.aggregate(last=Max("position"))["last"] or 0
        for fields in chosen:
            prices = {
                name: None if value is None else Decimal(value)
                for name, value in fields.items()
                if name.startswith("price_")
            }
            values = fields | prices | {"is_on": False, "is_for_all": True}
            position = min(last + len(added) + 1, LARGEST)
            made, is_new = ChatModel.objects.get_or_create(
                identifier=values.pop("identifier"), defaults=values | {"position": position}
            )
            if is_new:
                added.append(made)
    return added
