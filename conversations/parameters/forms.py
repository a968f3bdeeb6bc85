"""The form in which parameters are set: for a conversation, for one reply, and as the site's
defaults. What is wrong is said at its field; an empty one means the default.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conversations.form_fields import PlainTextField
from conversations.parameters.definitions import (
    DEFINITIONS,
    FORMATS,
    JSON_SCHEMA,
    MOST_WORDS,
    RESPONSE_FORMAT,
    SCHEMA_LENGTH,
    TEXT,
    WORD_LENGTH,
    Definition,
    Kind,
    Value,
)
from conversations.parameters.models import ParameterPolicy, Rule
from conversations.parameters.schema_check import InvalidSchemaError, check_schema
from conversations.parameters.wording import (
    describe_default,
    escape_breaks,
    format_number,
)

SCHEMA = "schema"
NUMBER_LENGTH = 40
TYPED_BREAKS = {"n": "\n", "t": "\t", "\\": "\\"}


class NumberField(forms.Field):
    """A number of a parameter, as JSON has it; None where nothing is typed."""

    def __init__(self, definition: Definition, rule: Rule, **options: Any) -> None:
        self._definition = definition
        self._rule = rule
        attributes = {
            "min": str(rule.least),
            "max": str(rule.most),
            "step": str(definition.step),
            "inputmode": "decimal" if definition.kind is Kind.DECIMAL else "numeric",
        }
        widget = forms.NumberInput(attributes)
        super().__init__(required=False, widget=widget, label=definition.label, **options)

    def to_python(self, value: Any) -> float | int | None:
        text = str(value or "").strip()
        if not text:
            return None
        definition, rule = self._definition, self._rule
        try:
            number = Decimal(text) if len(text) <= NUMBER_LENGTH else Decimal("nan")
            is_right = rule.least <= number <= rule.most and number % definition.step == 0
        except InvalidOperation:
            is_right = False
        if not is_right:
            raise ValidationError(self._describe_range())
        return definition.to_number(number)

    def _describe_range(self) -> str:
        definition, rule = self._definition, self._rule
        bounds = {"least": format_number(rule.least), "most": format_number(rule.most)}
        if definition.kind is Kind.WHOLE:
            return _("Type a whole number from %(least)s to %(most)s.") % bounds
        step = {"step": format_number(definition.step)}
        return _("Type a number from %(least)s to %(most)s, in steps of %(step)s.") % (
            bounds | step
        )


class WordsField(PlainTextField):
    """Stop words, one a line; with "\\n" and "\\t" for what would end the line or not be seen."""

    def __init__(self, definition: Definition, **options: Any) -> None:
        widget = forms.Textarea({"rows": 2, "spellcheck": "false", "autocapitalize": "off"})
        super().__init__(
            required=False,
            widget=widget,
            strip=False,
            label=definition.label,
            max_length=(WORD_LENGTH + 2) * MOST_WORDS * 2,
            **options,
        )

    def clean(self, value: Any) -> list[str] | None:
        words = [read_breaks(line) for line in super().clean(value).split("\n") if line]
        if len(words) > MOST_WORDS:
            raise ValidationError(_("At most %(count)d, one a line.") % {"count": MOST_WORDS})
        if any(len(word) > WORD_LENGTH for word in words):
            raise ValidationError(
                _("Each has at most %(count)d characters.") % {"count": WORD_LENGTH}
            )
        return words or None


def read_breaks(line: str) -> str:
    """Return a line with what is typed as a backslash and a letter."""
    kept, rest = "", line
    while rest:
        before, backslash, after = rest.partition("\\")
        kept += before
        if backslash and after[:1] in TYPED_BREAKS:
            kept, rest = kept + TYPED_BREAKS[after[0]], after[1:]
        else:
            kept, rest = kept + backslash, after
    return kept


class ParametersForm(forms.Form):
    """`values` are what it shows, `of_assistant` is what holds where they say nothing; `user_id`
    whose schema waits for its turn to be checked.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        values: Mapping[str, Any],
        policy: ParameterPolicy,
        of_assistant: Mapping[str, Any] | None = None,
        user_id: int = 0,
        checks_schema: bool = True,
    ) -> None:
        super().__init__(data, initial=list_initial(values), auto_id="parameter-%s")
        self._values = values
        self._of_assistant = of_assistant or {}
        self._user_id = user_id
        self._checks_schema = checks_schema
        self.policy = policy
        for definition in DEFINITIONS:
            rule = policy.find_rule(definition)
            if rule.is_changeable:
                self._add_field(definition, rule)
        for name, field in self.fields.items():
            field.widget.attrs["placeholder"] = field.widget.attrs.get("placeholder", "")
            field.widget.attrs["aria-describedby"] = f"parameter-{name}-help parameter-{name}-note"

    def _add_field(self, definition: Definition, rule: Rule) -> None:
        beneath = self._of_assistant.get(definition.name)
        default = describe_default(
            definition, rule, beneath if definition.accepts(beneath) else None
        )
        match definition.kind:
            case Kind.DECIMAL | Kind.WHOLE:
                field: forms.Field = NumberField(definition, rule)
            case Kind.WORDS:
                field = WordsField(definition)
            case Kind.FORMAT:
                is_text = self.initial.get(definition.name) == TEXT
                self.fields[definition.name] = make_format_field(
                    definition, default, offers_text=bool(rule.default or beneath or is_text)
                )
                self.fields[SCHEMA] = make_schema_field()
                return
        field.widget.attrs["placeholder"] = default
        self.fields[definition.name] = field

    @property
    def initial_values(self) -> Mapping[str, Any]:
        """What it showed at first."""
        return self._values

    @property
    def values(self) -> dict[str, Value]:
        """What was typed, by name, without what is wrong or empty; and what there was already of
        those that can't be changed now.
        """
        found = {
            definition.name: self._values[definition.name]
            for definition in DEFINITIONS
            if definition.name not in self.fields and definition.name in self._values
        }
        found |= {
            definition.name: value
            for definition in DEFINITIONS
            if definition is not RESPONSE_FORMAT
            and (value := self.cleaned_data.get(definition.name)) is not None
        }
        if chosen := self._read_format():
            found[RESPONSE_FORMAT.name] = chosen
        return found

    def _read_format(self) -> dict[str, Any] | None:
        kind = self.cleaned_data.get(RESPONSE_FORMAT.name)
        if not kind:
            return None
        if kind != JSON_SCHEMA:
            return {"type": kind}
        if SCHEMA in self.errors:
            return None
        return {
            "type": kind,
            "schema": self.cleaned_data[SCHEMA],
            "strict": self.cleaned_data.get("strict", False),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get(RESPONSE_FORMAT.name) != JSON_SCHEMA:
            # It isn't shown either.
            self.errors.pop(SCHEMA, None)
            return data
        if SCHEMA in self.errors:
            return data
        if not data[SCHEMA].strip():
            self.add_error(SCHEMA, _("Type a schema, or choose another kind of reply."))
        elif self._checks_schema:
            try:
                data["strict"] = check_schema(self._user_id, data[SCHEMA])
            except InvalidSchemaError as error:
                self.add_error(SCHEMA, str(error))
        return data


class FormatField(forms.ChoiceField):
    """Text may always be asked for, also where it goes without saying and isn't offered."""

    def valid_value(self, value: str) -> bool:
        return value == TEXT or super().valid_value(value)


def make_format_field(
    definition: Definition, default: str, *, offers_text: bool
) -> forms.ChoiceField:
    kinds = [(kind, label) for kind, label in FORMATS.items() if kind != TEXT or offers_text]
    return FormatField(choices=[("", default), *kinds], required=False, label=definition.label)


def make_schema_field() -> PlainTextField:
    widget = forms.Textarea(
        {"rows": 8, "spellcheck": "false", "autocapitalize": "off", "dir": "ltr"}
    )
    return PlainTextField(
        required=False,
        widget=widget,
        strip=False,
        label=_("Schema"),
        max_length=SCHEMA_LENGTH,
    )


def list_initial(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are typed."""
    initial: dict[str, Any] = {}
    for definition in DEFINITIONS:
        value = values.get(definition.name)
        if not definition.accepts(value):
            continue
        match value:
            case list():
                initial[definition.name] = "\n".join(map(escape_breaks, value))
            case dict():
                initial[definition.name] = value["type"]
                initial[SCHEMA] = value.get("schema", "")
            case _:
                initial[definition.name] = str(value)
    return initial
