"""The form that does something with chosen conversations."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.accounts.models import User
from conversations.review.filters.choices import Choices
from conversations.review.models import Label, Verdict
from conversations.review.queue import bulk
from conversations.review.queue.pages import SIZE

REVIEWED, WAITING = "reviewed", "waiting"
VERDICT, ASSIGN, LABEL = "verdict", "assign", "label"
BETWEEN = ":"


class BulkForm(forms.Form):
    """One list for all that can be done: each thing is chosen in one step, also on a phone."""

    action = forms.ChoiceField(
        label=gettext_lazy("With those chosen"),
        error_messages={
            "required": gettext_lazy("Choose what to do with the conversations."),
            "invalid_choice": gettext_lazy(
                "That can’t be done any more. Choose what to do with the conversations."
            ),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, choices: Choices, reader: User) -> None:
        super().__init__(data, auto_id="bulk-%s", label_suffix="")
        self.lists, self.reader = choices, reader
        cast(forms.ChoiceField, self.fields["action"]).choices = self.offers

    def offers(self) -> list[Any]:
        """Each in full: of what is chosen, a browser shows no heading."""
        verdicts = [verdict for verdict in self.lists.verdicts if verdict.is_active]
        groups = (
            (_("Verdicts"), VERDICT, list_named(verdicts, _("Verdict: %(name)s"))),
            (_("Assignment"), ASSIGN, self.people()),
            (_("Labels"), LABEL, list_named(self.lists.labels, _("Add label: %(name)s"))),
        )
        return [
            ("", _("Choose…")),
            (REVIEWED, _("Mark as reviewed")),
            (WAITING, _("Put to review")),
            *(
                (name, [(f"{kind}{BETWEEN}{value}", words) for value, words in pairs])
                for name, kind, pairs in groups
                if pairs
            ),
        ]

    def people(self) -> list[tuple[str, str]]:
        mine = self.reader.get_username()
        names = [reviewer.get_username() for reviewer in self.lists.reviewers]
        words = _("Assign to %(name)s")
        others = [(name, words % {"name": name}) for name in names if name != mine]
        return [(mine, _("Assign to me")), *others, ("", _("Assign to nobody"))]

    @property
    def chosen(self) -> dict[uuid.UUID, int]:
        """Conversation → the version of its review that was shown. What is neither is left out."""
        found = {}
        for text in cast(QueryDict, self.data).getlist("chosen")[:SIZE]:
            conversation, _between, version = text.partition(BETWEEN)
            try:
                found[uuid.UUID(conversation)] = int(version[:10])
            except ValueError:
                continue
        return found

    @property
    def work(self) -> bulk.Action:
        """What the choice means; of a form that is valid."""
        kind, _between, value = self.cleaned_data["action"].partition(BETWEEN)
        if kind == REVIEWED:
            return bulk.MarkReviewed()
        if kind == WAITING:
            return bulk.PutToReview()
        if kind == VERDICT:
            return bulk.MarkReviewed(next(v for v in self.lists.verdicts if str(v.pk) == value))
        if kind == LABEL:
            return bulk.AddLabel(next(each for each in self.lists.labels if str(each.pk) == value))
        people = [self.reader, *self.lists.reviewers]
        return bulk.Assign(next((each for each in people if each.get_username() == value), None))


def list_named(found: Sequence[Verdict | Label], words: str) -> list[tuple[str, str]]:
    return [(str(each.pk), words % {"name": each.name}) for each in found]
