"""What every form shares: no field takes a text of any length."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

# Characters. Longer than any password, code or list of domains that somebody would type; what
# takes more says so.
TEXT_LENGTH = 4096


class LimitedFieldsMixin:
    """Gives each text field that names no limit of its own one of `TEXT_LENGTH` characters."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.max_length is None:
                limit_length(field, TEXT_LENGTH)


def limit_length(field: forms.CharField, length: int) -> None:
    """As `max_length` of the constructor does."""
    field.max_length = length
    field.validators.append(MaxLengthValidator(length))
    field.widget.attrs = field.widget.attrs | field.widget_attrs(field.widget)
