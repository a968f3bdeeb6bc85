"""What the second of two replies is made with, and how a composer carries it until it sends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from conversations.models import Conversation
from conversations.parameters.choosing import check_values, parse

MODEL_LENGTH = 200


class InvalidVariantError(UserFacingError):
    """What a form carries can't be read, or isn't allowed any more."""

    status = 422


@dataclass(frozen=True)
class Variant:
    """`model`: its name at the API, "" for the conversation's; `parameters`: in place of the
    conversation's.
    """

    model: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_carried(self) -> str:
        return json.dumps({"model": self.model, "parameters": dict(self.parameters)})


def refuse_alike(conversation: Conversation, variant: Variant) -> None:
    """Raise InvalidVariantError where both replies would be made with the same: the conversation's
    model or parameters were changed since the second was set up.
    """
    is_other_model = variant.model not in ("", conversation.model)
    if not is_other_model and dict(variant.parameters) == dict(conversation.parameters):
        raise InvalidVariantError(
            _(
                "Both replies would be made alike by now. Choose anew what is compared, or take it "
                "away. Your text is still in the box."
            )
        )


def read_carried(user: User, carried: str) -> Variant | None:
    """Return what a form carries; None where nothing is compared. Whether the model may be had is
    for who uses it to ask. Raises InvalidVariantError.
    """
    if not carried:
        return None
    found = parse(carried)
    model, given = found.get("model"), found.get("parameters")
    values = check_values(user, given) if isinstance(given, dict) else None
    if not isinstance(model, str) or values is None:
        raise InvalidVariantError(
            _(
                "What the second reply was to be made with is not allowed any more. Choose it "
                "again. Your text is still in the box."
            )
        )
    return Variant(model[:MODEL_LENGTH], values)
