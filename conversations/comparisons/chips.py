"""What the composer shows of what the next message is compared with."""

from typing import Any

from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from conversations.comparisons.variants import InvalidVariantError, Variant, read_carried
from conversations.model_catalog.catalog import find_model
from conversations.parameters.wording import describe_own


def describe_variant(variant: Variant) -> str:
    """Return what the second reply is made with, short enough to stand in the composer."""
    words = [find_model(variant.model).label] if variant.model else []
    words += [f"{label} {value}" for label, value in describe_own(dict(variant.parameters))]
    return " · ".join(words) or _("default parameters")


def make_chip_context(variant: Variant | None) -> dict[str, Any]:
    if variant is None:
        return {}
    return {"carried_variant": variant.to_carried(), "compared_with": describe_variant(variant)}


def make_chip_context_again(user: User, carried: str) -> dict[str, Any]:
    """Return what a composer has that is shown again, with what was sent from it."""
    try:
        return make_chip_context(read_carried(user, carried))
    except InvalidVariantError:
        return {}
