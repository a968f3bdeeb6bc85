"""What reviewers send about a conversation. Their fields stand in the templates, where each has its
place in the panel.
"""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from conversations.review.models import Judgement, Label, Note, Review, Verdict
from conversations.review.permissions import list_reviewers

# As large as the column.
NEWEST = 2**31 - 1


class VersionedForm(forms.Form):
    """Says which version of the review its sender has seen."""

    version = forms.IntegerField(min_value=0, max_value=NEWEST)


class JudgeForm(VersionedForm):
    verdict = forms.ModelChoiceField(
        Verdict.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("This verdict can no longer be chosen. Take another.")},
    )
    comment = forms.CharField(
        required=False, max_length=Judgement._meta.get_field("comment").max_length
    )
    take_back = forms.BooleanField(required=False)

    def __init__(self, review: Review, data: Any) -> None:
        super().__init__(data)
        # One that was given stays, although it is off the list.
        offered = Verdict.objects.filter(Q(is_active=True) | Q(pk=review.verdict_id))
        cast(forms.ModelChoiceField[Verdict], self.fields["verdict"]).queryset = offered


class AssignForm(VersionedForm):
    assignee: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        list_reviewers(),
        required=False,
        error_messages={"invalid_choice": _("They can no longer review. Choose somebody else.")},
    )


class LabelsForm(VersionedForm):
    labels = forms.ModelMultipleChoiceField(
        Label.objects.all(),
        required=False,
        error_messages={
            "invalid_choice": _("One of these labels has been deleted."),
            "invalid_pk_value": _("One of these is no label."),
        },
    )
    new = forms.CharField(required=False, max_length=Label._meta.get_field("name").max_length)

    def __init__(self, data: Any, *, may_add: bool) -> None:
        super().__init__(data)
        if not may_add:
            del self.fields["new"]

    def clean_new(self) -> str:
        return " ".join(self.cleaned_data["new"].split())


class FlagForm(VersionedForm):
    flag = forms.ChoiceField(choices=[("on", _("Flag")), ("off", _("Remove the flag"))])


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=Note.TEXT_LENGTH, error_messages={"required": _("Write a note first.")}
    )
    # The message that it is on; otherwise it is on the conversation.
    message = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
