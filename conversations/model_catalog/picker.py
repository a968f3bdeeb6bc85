"""What is offered at the box in which a message is written: nothing, where there is nothing to
choose.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from conversations.model_catalog import catalog
from conversations.model_catalog.catalog import CatalogModel, ModelUnavailableError
from conversations.models import Conversation


@dataclass(frozen=True)
class Choice:
    """A model, and what it can't read, in words."""

    model: CatalogModel
    limit: str
    is_chosen: bool


@dataclass(frozen=True)
class ModelPicker:
    """`note`: what somebody is to know before they send; `usual`: what is chosen for who picks
    none, by its name at the API.
    """

    choices: Sequence[Choice]
    note: str = ""
    usual: str = ""

    @property
    def is_shown(self) -> bool:
        return len(self.choices) > 1


def make_picker(
    user: User,
    conversation: Conversation | None = None,
    *,
    picked: str = "",
    wanted: Sequence[str] = (),
) -> ModelPicker:
    """Return what a user may choose from. What they have picked is chosen, or else the first of
    `wanted` that they may use, or else the conversation's, or else the default.
    """
    models = catalog.list_models(user)
    try:
        default = models[0] if models else catalog.get_default_model(user)
    except ModelUnavailableError as error:
        return ModelPicker((), error.sentence)
    usable = {each.identifier: each for each in models}
    own = conversation.model if conversation else ""
    usual = next((usable[name] for name in (*wanted, own) if name in usable), default)
    chosen = usable.get(picked, usual)
    note = ""
    if own and own not in usable:
        note = catalog.describe_replacement(catalog.find_model(own), default)
    choices = [Choice(each, describe_limit(each), each == chosen) for each in models]
    return ModelPicker(choices, note, usual.identifier)


def describe_limit(model: CatalogModel) -> str:
    """Return what a model can't read; "" for one that reads everything."""
    if model.reads_images and model.reads_files:
        return ""
    if model.reads_images:
        return _("Can’t read files")
    if model.reads_files:
        return _("Can’t read images")
    return _("Can’t read images or files")
