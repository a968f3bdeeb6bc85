"""Fields that the forms of several slices have."""

from typing import Any

from django import forms

from chatsite.core.storable import to_storable_text


class PlainTextField(forms.CharField):
    """A text as it is kept, with line ends that count once, as in the browser."""

    def to_python(self, value: Any) -> str:
        return to_storable_text(super().to_python(value) or "")
