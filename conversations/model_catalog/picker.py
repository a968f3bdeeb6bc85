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
    """A model, and what is said of it in a line."""

    model: CatalogModel
    about: str
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
    choices = [Choice(each, describe_model(each), each == chosen) for each in models]
    return ModelPicker(choices, note, usual.identifier)


def describe_model(model: CatalogModel) -> str:
    """Return what tells a model from others: its description, and what it can't see."""
    parts = [model.description]
    if model.reads_images and model.reads_files:
        parts.append(_("reads images and files"))
    elif model.reads_images:
        parts.append(_("reads images"))
    elif model.reads_files:
        parts.append(_("reads files, no images"))
    else:
        parts.append(_("text only"))
    return " · ".join(filter(None, parts))
