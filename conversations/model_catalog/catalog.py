"""What is known of the models: the rows of the administrators, and the model of the settings where
they have none for it. Asked for by every page and every reply, so each process keeps a copy.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, When
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.redis import local_copies
from conversations.model_api import Prices
from conversations.model_catalog.models import COPY, ChatModel
from conversations.models import Conversation


class ModelUnavailableError(UserFacingError):
    """The model isn't there, or not for this user, or not for a message this long."""

    status = 422


@dataclass(frozen=True)
class CatalogModel:
    """`prices`: None where administrators gave none; `group_ids`: whom it is for, if not for all.
    Tokens are None where they aren't known.
    """

    identifier: str
    label: str
    description: str = ""
    context_window: int | None = None
    longest_reply: int | None = None
    prices: Prices | None = None
    reads_images: bool = True
    reads_files: bool = True
    is_on: bool = True
    is_for_all: bool = True
    group_ids: frozenset[int] = frozenset()

    @property
    def context_budget(self) -> int:
        """The tokens that a request may have: those of the setting, or what the window leaves when
        the longest reply is taken from it. Half of the window is left in any case: a model whose
        replies may fill it seldom writes that much.
        """
        if self.context_window is None:
            return int(settings.CONTEXT_BUDGET)
        room = self.context_window - min(self.longest_reply or 0, self.context_window // 2)
        return max(min(settings.CONTEXT_BUDGET, room), 1)


def read_catalog() -> tuple[CatalogModel, ...]:
    """Return all models in their order, those that are off as well."""
    return local_copies.get_copy(COPY, _read_rows)


def _read_rows() -> tuple[CatalogModel, ...]:
    ordered = ChatModel.objects.order_by(*make_ordering()).prefetch_related("groups")
    rows = [_from_row(row) for row in ordered]
    if settings.CHAT_MODEL in {row.identifier for row in rows}:
        return tuple(rows)
    return (make_settings_model(), *rows)


def make_ordering() -> list[str | Case]:
    """Return how rows are ordered: the settings' model is first among equal positions, where it
    stood before it had a row.
    """
    is_other = Case(When(identifier=settings.CHAT_MODEL, then=0), default=1)
    return ["position", is_other, "label"]


def _from_row(row: ChatModel) -> CatalogModel:
    return CatalogModel(
        identifier=row.identifier,
        label=row.label,
        description=row.description,
        context_window=row.context_window,
        longest_reply=row.longest_reply,
        prices=_read_prices(row),
        reads_images=row.reads_images,
        reads_files=row.reads_files,
        is_on=row.is_on,
        is_for_all=row.is_for_all,
        group_ids=frozenset(group.pk for group in row.groups.all()),
    )


def _read_prices(row: ChatModel) -> Prices | None:
    """Return a row's prices; cached input costs as much as other input where nothing is said."""
    if row.price_input is None or row.price_output is None:
        return read_settings_prices() if row.identifier == settings.CHAT_MODEL else None
    cached = row.price_cached_input
    return Prices(
        input=row.price_input,
        cached_input=row.price_input if cached is None else cached,
        output=row.price_output,
    )


def get_prices(identifier: str) -> Prices:
    """Return what a model costs. Where that isn't known, it is the dearest of what is known: a
    budget in dollars holds then, too, and an administrator who wants less says how much.
    """
    if prices := find_model(identifier).prices:
        return prices
    known = [each.prices for each in read_catalog() if each.prices] or [read_settings_prices()]
    return Prices(
        input=max(each.input for each in known),
        cached_input=max(each.cached_input for each in known),
        output=max(each.output for each in known),
    )


def make_settings_model() -> CatalogModel:
    return CatalogModel(
        identifier=settings.CHAT_MODEL,
        label=make_label(settings.CHAT_MODEL),
        prices=read_settings_prices(),
    )


def ensure_settings_row() -> None:
    """Make the row of the settings' model, where there is none yet, so that it can be edited. It
    says nothing that the settings don't say, and is first, as it was without a row.
    """
    model = make_settings_model()
    ChatModel.objects.get_or_create(
        identifier=model.identifier,
        defaults={"label": model.label, "is_for_all": True, "position": 0},
    )


def read_settings_prices() -> Prices:
    return Prices(
        input=settings.PRICE_INPUT,
        cached_input=settings.PRICE_CACHED_INPUT,
        output=settings.PRICE_OUTPUT,
    )


def make_label(identifier: str) -> str:
    """Return what people read of a model that nobody has given a label."""
    return identifier.rpartition("/")[2][:60] or identifier[:60]


def name_model(identifier: str) -> str:
    """Return what administrators read of a model: its name at the API, behind the label if it was
    given one.
    """
    label = find_model(identifier).label
    if label in (identifier, make_label(identifier)):
        return identifier
    return f"{label} ({identifier})"


def find_model(identifier: str) -> CatalogModel:
    """Return what is known of a model that is named; one that isn't known has defaults."""
    found = (each for each in read_catalog() if each.identifier == identifier)
    return next(found, None) or CatalogModel(identifier, make_label(identifier), is_on=False)


def get_context_budget(conversation: Conversation) -> int:
    """Return the tokens that a request of this conversation may have."""
    return find_model(conversation.model).context_budget


def list_models(user: User) -> list[CatalogModel]:
    """Return the models that a user may choose, the default first."""
    return list(_list_usable(read_catalog(), user))


def list_all_models() -> list[CatalogModel]:
    """Return those that are on, also those for groups that a user isn't in."""
    return [each for each in read_catalog() if each.is_on]


def _list_usable(models: Iterable[CatalogModel], user: User) -> Iterable[CatalogModel]:
    group_ids: set[int] | None = None
    for each in models:
        if not each.is_on:
            continue
        if not each.is_for_all:
            if group_ids is None:
                group_ids = set(user.groups.values_list("pk", flat=True))
            if not each.group_ids & group_ids:
                continue
        yield each


def find_usable(user: User, identifier: str) -> CatalogModel | None:
    """Return the model, if this user may choose it."""
    usable = _list_usable(read_catalog(), user)
    return next((each for each in usable if each.identifier == identifier), None)


def describe_replacement(before: CatalogModel, instead: CatalogModel) -> str:
    """Return what is said where a conversation's model is gone and another answers in its place."""
    labels = {"before": before.label, "instead": instead.label}
    return (
        _("“%(before)s” is not available to you any more. “%(instead)s” answers from here on.")
        % labels
    )


def get_default_model(user: User) -> CatalogModel:
    """Return the first that a user may choose. Raises ModelUnavailableError."""
    for each in _list_usable(read_catalog(), user):
        return each
    raise ModelUnavailableError(_("There is no model that you may use. Ask an administrator."))


def choose_model(user: User, identifier: str) -> CatalogModel:
    """Return the model that was chosen; the default for "". Raises ModelUnavailableError."""
    if not identifier:
        return get_default_model(user)
    if found := find_usable(user, identifier):
        return found
    raise ModelUnavailableError(
        _("The model “%(label)s” is not available to you any more. Choose another one.")
        % {"label": find_model(identifier).label}
    )
