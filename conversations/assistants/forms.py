"""The form of an assistant: what people type, and what an imported one has to fulfil too."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.accounts.models import User
from chatsite.accounts.policy.starters import MOST as MOST_STARTERS
from chatsite.accounts.policy.starters import parse_starters
from chatsite.core.visible import to_visible_line
from conversations.assistants.content import AssistantContent
from conversations.assistants.models import (
    DESCRIPTION_LENGTH,
    EMOJI_LENGTH,
    INSTRUCTIONS_LENGTH,
    NAME_LENGTH,
    STARTERS_LENGTH,
)
from conversations.assistants.pictures import MOST_UPLOADED
from conversations.assistants.queries import may_share
from conversations.form_fields import PlainTextField
from conversations.model_catalog import catalog

JOINER, KEYCAP, AS_PICTURE = "\u200d", "\u20e3", "\ufe0f"
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
SKIN_TONES = range(0x1F3FB, 0x1F400)
# Behind a flag they say whose it is.
TAGS = range(0xE0020, 0xE0080)


class AssistantForm(forms.Form):
    """`content` is what it changes; its model may be one that its user can't choose any more."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    emoji = forms.CharField(
        label=gettext_lazy("Emoji"),
        max_length=EMOJI_LENGTH,
        required=False,
        help_text=gettext_lazy("Shown where there is no picture."),
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("A square is cut out of its middle."),
    )
    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        help_text=gettext_lazy("What it is good for, in a sentence."),
    )
    instructions = PlainTextField(
        label=gettext_lazy("Instructions"),
        max_length=INSTRUCTIONS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 10}),
    )
    model = forms.ChoiceField(label=gettext_lazy("Model"), required=False)
    starters = PlainTextField(
        label=gettext_lazy("Ways to begin"),
        max_length=STARTERS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One a line: a short title, a bar (|), and the message."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        user: User,
        content: AssistantContent | None = None,
        has_picture: bool = False,
    ) -> None:
        initial = content.to_fields() if content else {}
        super().__init__(data, files, initial=initial)
        self._kept_model = content.model if content else ""
        for name in ("name", "description", "instructions", "starters"):
            self.fields[name].widget.attrs["dir"] = "auto"
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["emoji"].widget.attrs["autocomplete"] = "off"
        self.fields["picture"].widget.attrs["accept"] = "image/*"
        if not has_picture:
            del self.fields["remove_picture"]
        self._offer_models(user)

    def _offer_models(self, user: User) -> None:
        own = catalog.list_models(user)
        # Who shares them makes them for groups that they aren't in.
        models = catalog.list_all_models() if may_share(user) else own
        if len(models) < 2:
            del self.fields["model"]
            return
        default = _("Default (%(label)s)") % {"label": own[0].label} if own else _("Default")
        choices = [("", default), *((each.identifier, each.label) for each in models)]
        if self._kept_model and self._kept_model not in dict(choices):
            label = catalog.find_model(self._kept_model).label
            label = _("%(label)s (not available to you)") % {"label": label}
            choices.append((self._kept_model, label))
        self.fields["model"].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = to_visible_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give it a name that can be seen."))
        return name

    def clean_emoji(self) -> str:
        emoji: str = self.cleaned_data["emoji"].strip()
        if emoji and count_emoji(emoji) != 1:
            raise ValidationError(_("Use one emoji, such as 🦊."))
        return emoji

    def clean_description(self) -> str:
        return to_visible_line(self.cleaned_data["description"])

    def clean_starters(self) -> str:
        starters: str = self.cleaned_data["starters"]
        if len(parse_starters(starters)) > MOST_STARTERS:
            raise ValidationError(
                _("List at most %(most)d ways to begin.") % {"most": MOST_STARTERS}
            )
        return starters

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        if picture and picture.size > MOST_UPLOADED:
            raise ValidationError(_("This picture has more than 10 MB. Choose a smaller one."))
        return picture

    def to_content(self, parameters: Mapping[str, Any]) -> AssistantContent:
        """Return what was typed, once it is valid."""
        names = ("name", "emoji", "description", "instructions", "starters")
        return AssistantContent(
            **{name: self.cleaned_data[name] for name in names},
            model=self.cleaned_data.get("model", self._kept_model),
            parameters=dict(parameters),
        )


def count_emoji(text: str) -> int:
    """Return how many emoji a text is; 0 where there is anything else in it."""
    count = flag_letters = 0
    is_joined = False
    for character in text:
        number = ord(character)
        if character == JOINER or number in SKIN_TONES or number in TAGS:
            is_joined = character == JOINER
            continue
        if number in FLAG_LETTERS:
            flag_letters += 1
        elif character == KEYCAP or unicodedata.category(character) in {"So", "Sm"}:
            count += not is_joined
        elif not (character in "#*0123456789" and KEYCAP in text) and character != AS_PICTURE:
            return 0
        is_joined = False
    return count + -(-flag_letters // 2)


class SharingForm(forms.Form):
    """For whom an assistant is, and whose default."""

    is_for_all = forms.BooleanField(label=gettext_lazy("Everybody"), required=False)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        label=gettext_lazy("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_site_default = forms.BooleanField(label=gettext_lazy("Everybody’s"), required=False)
    default_groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        label=gettext_lazy("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
