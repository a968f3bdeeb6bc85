"""What the second of two replies is made with, and how a composer carries it until it sends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from chatsite.core.errors import UserFacingError
from conversations.parameters.definitions import DEFINITIONS, SCHEMA_LENGTH

# Characters: a schema, escaped, and all else.
CARRIED_LENGTH = 3 * SCHEMA_LENGTH


class InvalidVariantError(UserFacingError):
    """What a form carries can't be read."""

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


def read_carried(carried: str) -> Variant | None:
    """Return what a form carries; None where nothing is compared. Whether the model may be had is
    for who uses it to ask. Raises InvalidVariantError.
    """
    if not carried:
        return None
    try:
        found: Any = json.loads(carried) if len(carried) <= CARRIED_LENGTH else None
        model, parameters = found["model"], found["parameters"]
        is_right = isinstance(model, str) and isinstance(parameters, dict)
    except (ValueError, RecursionError, TypeError, KeyError):
        is_right = False
    if not is_right:
        raise InvalidVariantError(
            _("What the second reply is to be made with can’t be read. Choose it again.")
        )
    known = {
        definition.name: parameters[definition.name]
        for definition in DEFINITIONS
        if definition.accepts(parameters.get(definition.name))
    }
    return Variant(model, known)
