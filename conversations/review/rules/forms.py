"""The form of a rule: what can't work is refused, with the reason."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.review.models import Rule
from conversations.review.rules.expressions import (
    InvalidPatternError,
    build_words_pattern,
    check_pattern,
    compile_expression,
    split_words,
)

TEXT_LENGTH = 4000


class RuleForm(forms.ModelForm[Rule]):
    """A field for each kind of rule; that of the chosen kind counts."""

    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 40, "dir": "auto"}),
        help_text=_(
            "For the kind “Words”: one word or phrase a line. Case doesn’t matter. They are found "
            "as whole words; in scripts without spaces between words, such as Chinese, wherever "
            "they stand."
        ),
    )
    pattern = forms.CharField(
        label=_("Regular expression"),
        required=False,
        strip=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "false"}),
        help_text=_(
            "For the kind “Regular expression”: in the syntax of RE2, without look-around and back "
            "references. Case matters unless it begins with (?i)."
        ),
    )
    cost = forms.DecimalField(
        label=_("Cost over, in US dollars"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=6,
        help_text=_("For the kind “Cost of a reply”: replies that cost more."),
    )
    length = forms.IntegerField(
        label=_("Length over, in characters"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text=_("For the kind “Length”: messages that are longer."),
    )

    class Meta:
        model = Rule
        fields = ("name", "kind", "role", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.instance
        if field := FIELDS.get(rule.kind):
            by_number = rule.kind in (Rule.Kind.COST, Rule.Kind.LENGTH)
            self.initial.setdefault(field, rule.threshold if by_number else rule.text)
        if rule.kind == Rule.Kind.LENGTH and rule.threshold is not None:
            self.initial["length"] = int(rule.threshold)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        field = FIELDS.get(data.get("kind", ""))
        if field and field not in self.errors:
            try:
                self.instance.text, self.instance.threshold = PARSERS[field](data.get(field))
            except InvalidPatternError as error:
                self.add_error(field, error.sentence)
            except forms.ValidationError as error:
                self.add_error(field, error)
        # Only replies cost anything.
        if field == "cost":
            data["role"] = Rule.Role.BOTH
        # Whoever saves it has seen why it was switched off.
        self.instance.fault = ""
        return data


def parse_words(value: Any) -> tuple[str, None]:
    text = "\n".join(line.strip() for line in str(value or "").splitlines() if line.strip())
    if not split_words(text):
        raise forms.ValidationError(gettext("Write at least one word."))
    compile_expression(build_words_pattern(text))
    return text, None


def parse_pattern(value: Any) -> tuple[str, None]:
    pattern = str(value or "").replace("\r\n", "\n")
    if not pattern.strip():
        raise forms.ValidationError(gettext("Write an expression."))
    check_pattern(pattern)
    return pattern, None


def parse_threshold(value: Any) -> tuple[str, Decimal]:
    if value is None:
        raise forms.ValidationError(gettext("Write a number, 0 or more."))
    return "", Decimal(value)


# Which field says what a rule of a kind looks for.
FIELDS: dict[str, str] = {
    Rule.Kind.WORDS: "words",
    Rule.Kind.PATTERN: "pattern",
    Rule.Kind.COST: "cost",
    Rule.Kind.LENGTH: "length",
}
PARSERS: dict[str, Any] = {
    "words": parse_words,
    "pattern": parse_pattern,
    "cost": parse_threshold,
    "length": parse_threshold,
}
