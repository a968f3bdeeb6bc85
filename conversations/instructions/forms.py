"""The form of a user's own instructions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.form_fields import PlainTextField
from conversations.instructions.models import OWN_LENGTH, OwnInstructions


def make_text_field(label: Any, help_text: Any) -> PlainTextField:
    widget = forms.Textarea({"rows": 6, "dir": "auto"})
    return PlainTextField(
        label=label, help_text=help_text, required=False, max_length=OWN_LENGTH, widget=widget
    )


class OwnInstructionsForm(forms.ModelForm[OwnInstructions]):
    about_me = make_text_field(
        _("About me"),
        _("What the model should know of you: your work, what you know well, what you are at."),
    )
    how_to_reply = make_text_field(
        _("How to reply"),
        _("How you like replies: short or long, plain or formal, in which language."),
    )

    class Meta:
        model = OwnInstructions
        fields = ("about_me", "how_to_reply", "is_on")
        labels = {"is_on": _("Use in new chats")}
