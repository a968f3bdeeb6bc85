"""The form of the queue's filters: what may stand in its URL, and how it is asked for."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from chatsite.core.fields import DayField, NumberField
from conversations.model_catalog.catalog import name_model
from conversations.models import TITLE_LENGTH
from conversations.review.filters.choices import Choices, Pairs, make_id_choices
from conversations.review.filters.orders import ORDERS
from conversations.review.identities import Identities
from conversations.review.models import Review
from conversations.review.queries import SEE_HOLDS

EMPTY = (None, "", 0)
ANY = ("", gettext_lazy("Any"))
ME, NOBODY = "me", "nobody"
FLAGGED, BY_HAND = "any", "hand"
GOOD, BAD, NONE = "good", "bad", "none"
HELD, DELETED = "held", "deleted"
ASSIGNEES: Pairs = [(ME, gettext_lazy("Me")), (NOBODY, gettext_lazy("Nobody"))]
FLAGS: Pairs = [
    (FLAGGED, gettext_lazy("Any flag")),
    (BY_HAND, gettext_lazy("Flagged by a reviewer")),
]


class ConversationFilterForm(forms.Form):
    user = forms.CharField(label=gettext_lazy("User"), required=False, max_length=150)
    title = forms.CharField(
        label=gettext_lazy("Words in the title"), required=False, max_length=TITLE_LENGTH
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Review"), required=False, choices=[ANY, *Review.State.choices]
    )
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False)
    label = forms.ChoiceField(label=gettext_lazy("Label"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    flag = forms.ChoiceField(label=gettext_lazy("Flag"), required=False)
    feedback = forms.ChoiceField(
        label=gettext_lazy("Feedback"),
        required=False,
        choices=[
            ANY,
            (BAD, gettext_lazy("Any reply called bad")),
            (GOOD, gettext_lazy("Any reply called good")),
            (NONE, gettext_lazy("None given")),
        ],
    )
    since = DayField(label=gettext_lazy("Active since"))
    until = DayField(label=gettext_lazy("Active until"))
    messages = NumberField(label=gettext_lazy("Messages, at least"))
    tokens = NumberField(label=gettext_lazy("Tokens, at least"))
    cost = forms.DecimalField(
        label=gettext_lazy("Cost in US dollars, at least"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=8,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    model = forms.ChoiceField(label=gettext_lazy("Model"), required=False)
    assistant = forms.ChoiceField(label=gettext_lazy("Assistant"), required=False)
    assistant_version = NumberField(label=gettext_lazy("Version of the assistant"))
    failed = forms.BooleanField(label=gettext_lazy("With failed replies"), required=False)
    stopped = forms.BooleanField(label=gettext_lazy("With stopped replies"), required=False)
    hold = forms.ChoiceField(
        label=gettext_lazy("Legal hold"),
        required=False,
        choices=[
            ANY,
            (HELD, gettext_lazy("On hold")),
            (DELETED, gettext_lazy("Deleted by its user")),
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[(order.name, order.label) for order in ORDERS.values()],
    )

    def __init__(self, data: Mapping[str, str], identities: Identities, choices: Choices) -> None:
        super().__init__(data, label_suffix="", auto_id="filter-%s")
        self.identities = identities
        self.lists = choices
        self.set_choices("verdict", lambda: make_id_choices(choices.verdicts))
        self.set_choices("label", lambda: make_id_choices(choices.labels))
        self.set_choices("flag", lambda: [*FLAGS, *make_id_choices(choices.rules)])
        self.set_choices("model", lambda: [(each, name_model(each)) for each in choices.models])
        self.set_choices("assistant", lambda: choices.list_assistants(data.get("assistant", "")))
        self.set_choices("assignee", self.assignees)
        if not identities.reader.has_perm(SEE_HOLDS):
            del self.fields["hold"]

    def set_choices(self, name: str, pairs: Callable[[], Pairs]) -> None:
        """Read when they are shown or a value is looked up among them, and not before."""
        cast(forms.ChoiceField, self.fields[name]).choices = lambda: [ANY, *pairs()]

    def assignees(self) -> Pairs:
        """By username: a pseudonym beside a name would tell which conversations are theirs."""
        names = [reviewer.get_username() for reviewer in self.lists.reviewers]
        return [*ASSIGNEES, *((name, name) for name in names)]

    def read_chosen(self) -> dict[str, Any]:
        """Return the values that are set; “at least 0” asks for nothing."""
        found = self.cleaned_data
        return {name: found[name] for name in self.fields if found.get(name) not in EMPTY}

    def resolve_value(self, name: str) -> Any:
        """Return what a filter looks for: of an assignee's name the user, where None is nobody."""
        value = self.cleaned_data[name]
        if name != "assignee":
            return value
        if value == NOBODY:
            return None
        if value == ME:
            return self.identities.reader
        return next(each for each in self.lists.reviewers if each.get_username() == value)

    def clean_user(self) -> str:
        return self.identities.require_pseudonym(self.cleaned_data["user"])
