"""Parameters as a page lists them: of each its field, and what will be sent."""

from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from conversations.parameters.definitions import JSON_SCHEMA, RESPONSE_FORMAT
from conversations.parameters.effective import Effective
from conversations.parameters.forms import SCHEMA, ParametersForm
from conversations.parameters.wording import describe_effective, describe_range


@dataclass(frozen=True)
class Row:
    """One parameter on the page; no field where it can't be changed."""

    name: str
    label: str
    sentence: str
    range: str
    note: str
    field: BoundField | None
    schema: BoundField | None = None
    schema_note: str = ""


def make_row(form: ParametersForm, each: Effective) -> Row:
    definition = each.definition
    is_changeable = definition.name in form.fields
    has_schema = is_changeable and definition is RESPONSE_FORMAT
    return Row(
        name=definition.name,
        label=str(definition.label),
        sentence=str(definition.sentence),
        range=describe_range(definition, form.policy.find_rule(definition)),
        # Of a schema that can't be sent, nothing is.
        note="" if has_schema and SCHEMA in form.errors else describe_effective(each),
        field=form[definition.name] if is_changeable else None,
        schema=form[SCHEMA] if has_schema else None,
        schema_note=describe_schema(each) if has_schema else "",
    )


def describe_schema(each: Effective) -> str:
    """Return how far a schema will be kept to."""
    value = each.value
    if not isinstance(value, dict) or value["type"] != JSON_SCHEMA:
        return ""
    if value.get("strict"):
        return _("The service keeps to this schema.")
    return _(
        "The model tries to keep to this schema. For a promise, each object has to have "
        "“additionalProperties”: false and all of its properties under “required”."
    )
