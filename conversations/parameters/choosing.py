"""Parameters that a new chat carries in its form until its first message: there is no conversation
yet that could keep them. What comes back is checked as if it had been typed.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.json_files import UnreadableJSONError, read_json
from conversations.parameters.definitions import SCHEMA_LENGTH, Value
from conversations.parameters.forms import ParametersForm, list_initial
from conversations.parameters.models import ParameterPolicy

# Bytes; a character of a schema may be two in JSON, or six.
LONGEST = 6 * SCHEMA_LENGTH + 10_000
# Deeper than what forms carry.
MOST_DEPTH = 6


class InvalidParametersError(UserFacingError):
    """What a new chat carries can't be sent, or not any more."""

    status = 422


def read_chosen(user: User, sent: str) -> dict[str, Value]:
    """Return the values that a form carries. Raises InvalidParametersError."""
    if not sent:
        return {}
    values = check_values(user, parse(sent))
    if values is None:
        raise InvalidParametersError(
            _(
                "The parameters of this chat are not allowed any more. Open them, and save them "
                "again. Your text is still in the box."
            )
        )
    return values


def check_values(user: User, values: Mapping[str, Any]) -> dict[str, Value] | None:
    """Return values as the form of parameters makes them; None where it wouldn't take them all."""
    typed = list_initial(values)
    form = ParametersForm(typed, values={}, policy=ParameterPolicy.current(), user_id=user.pk)
    if values.keys() - typed.keys() or not form.is_valid() or form.values.keys() != values.keys():
        return None
    return form.values


def parse(sent: str) -> dict[str, Any]:
    """Return the JSON object that a form carries; a value that is none where it is none."""
    try:
        content = sent.encode("utf-8", "replace")
        found = read_json(content, most_bytes=LONGEST, most_depth=MOST_DEPTH)
    except UnreadableJSONError:
        found = None
    return found if isinstance(found, dict) else {"": None}


def to_field(values: Mapping[str, Any]) -> str:
    """Return what the form carries of values; "" of none."""
    return json.dumps(values) if values else ""
