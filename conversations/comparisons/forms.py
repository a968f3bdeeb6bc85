"""The form in which the second of two replies is set up."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from conversations.comparisons.variants import Variant
from conversations.model_catalog.catalog import CatalogModel
from conversations.parameters.forms import ParametersForm
from conversations.parameters.models import ParameterPolicy

# Of the second reply; the composer's own field is called "model".
MODEL = "other_model"


class ComparisonForm(ParametersForm):
    """The parameters of the second reply, and its model where there are several. It begins with
    those of the conversation; `model` is the conversation's, which something has to be other than.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        values: Mapping[str, Any],
        model: str,
        models: Sequence[CatalogModel],
        of_assistant: Mapping[str, Any],
        user_id: int,
    ) -> None:
        super().__init__(
            data,
            values=values,
            policy=ParameterPolicy.current(),
            of_assistant=of_assistant,
            user_id=user_id,
        )
        self._own = (model, dict(values))
        if len(models) > 1:
            others = [each.identifier for each in models if each.identifier != model]
            self.fields = {
                MODEL: forms.ChoiceField(
                    label=_("Model"),
                    choices=[(each.identifier, each.label) for each in models],
                    initial=others[0],
                ),
                **self.fields,
            }

    def read_variant(self) -> Variant:
        # What may not be changed is not the second reply's either.
        changeable = {name: self.values[name] for name in self.values if name in self.fields}
        return Variant(self.cleaned_data.get(MODEL, ""), changeable)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        own_model, _values = self._own
        if not self.errors and (data.get(MODEL, own_model), self.values) == self._own:
            raise forms.ValidationError(
                _("Both replies would be made alike. Change the model or a parameter.")
                if MODEL in self.fields
                else _("Both replies would be made alike. Change a parameter.")
            )
        return data
