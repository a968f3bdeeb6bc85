"""The filters and the order of the queue, as its URL says them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.forms import ChoiceField
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from conversations.review.filters.choices import Choices
from conversations.review.filters.conditions import CONDITIONS, format_url_value
from conversations.review.filters.forms import ME, NOBODY, ConversationFilterForm
from conversations.review.filters.orders import LATEST, ORDERS, Order
from conversations.review.identities import Identities
from conversations.review.models import Review

# Where a page begins: no filter, but in the queue's URL.
AFTER, BEFORE = "after", "before"
SHOWN = 60


@dataclass(frozen=True)
class Filters:
    # As the URL has them, in one order, without the page: "state=waiting&sort=-tokens".
    query: str = ""
    # Name → value as the URL has it, of those that are understood.
    chosen: Mapping[str, str] = field(default_factory=dict)
    # The others, as they came, and a sentence for each.
    rest: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    condition: Q = field(default_factory=Q)
    order: Order = LATEST
    form: ConversationFilterForm | None = None

    @classmethod
    def read(
        cls, data: Mapping[str, str], identities: Identities, choices: Choices | None = None
    ) -> "Filters":
        """What isn't understood is left out, and told of in `problems`."""
        form = ConversationFilterForm(data, identities, choices or Choices())
        form.is_valid()
        understood = form.read_chosen()
        order = ORDERS[understood.pop("sort", LATEST.name)]
        conditions = (CONDITIONS[name](form.resolve_value(name)) for name in understood)
        chosen = {name: format_url_value(value) for name, value in understood.items()}
        if order is not LATEST:
            chosen["sort"] = order.name
        known = {*form.fields, AFTER, BEFORE}
        rest = {name: data[name] for name in data if name in form.errors or name not in known}
        return cls(
            query=urlencode(chosen),
            chosen=chosen,
            rest=rest,
            problems=tuple(describe_problem(form, name, text) for name, text in rest.items()),
            condition=Q(*conditions),
            order=order,
            form=form,
        )

    def apply(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        """Those that pass, in the order asked for."""
        return self.order.sort(self.narrow(reviews))

    def narrow(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        return reviews.filter(self.condition) if self.condition else reviews

    def query_with(self, **changes: str) -> str:
        """Return the query with other values; with an empty one, without that filter."""
        chosen = {**self.chosen, **changes}
        return urlencode({name: text for name, text in chosen.items() if text})

    @property
    def chosen_without_names(self) -> dict[str, str]:
        """For the access log, which holds pseudonyms only; words of titles are apart there."""
        chosen = {name: text for name, text in self.chosen.items() if name not in ("title", "user")}
        if self.form and chosen.get("assignee") not in (None, ME, NOBODY):
            chosen["assignee"] = self.form.resolve_value("assignee").pseudonym
        return chosen

    @property
    def address(self) -> dict[str, str]:
        """All that the URL says, in one way: reading it gives the same again."""
        return {**self.chosen, **self.rest}


def describe_problem(form: ConversationFilterForm, name: str, text: str) -> str:
    if name not in form.fields:
        return _("There is no filter “%(name)s”, so it was left out.") % {
            "name": to_printable(name)
        }
    sentence = _("The filter “%(label)s” can’t be “%(text)s”, so it was left out.") % {
        "label": form.fields[name].label,
        "text": to_printable(text),
    }
    if isinstance(form.fields[name], ChoiceField):
        return sentence
    return f"{sentence} {form.errors[name][0]}"


def to_printable(text: str) -> str:
    return "".join(letter for letter in text[:SHOWN] if letter.isprintable())
