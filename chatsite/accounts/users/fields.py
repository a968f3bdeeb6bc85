"""A column that follows another one: its folded form, unique and indexed like any other."""

from typing import Any

from django.db import models

from chatsite.accounts.names import SET_APART, fold_name

SUFFIX = "_key"


class FoldedNameField(models.CharField[str, str]):
    """`name_key` holds the folded form of the field `name`, brought up to date by every save.

    `QuerySet.update` of the other field goes past it, as it goes past `Model.save`.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Migrations see the column that it is, so that they outlive this class."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", list(arguments), dict(options)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold_name(getattr(model_instance, self.attname.removesuffix(SUFFIX)))
        current: str = getattr(model_instance, self.attname)
        if current.startswith(f"{folded}{SET_APART}"):
            return current
        setattr(model_instance, self.attname, folded)
        return folded
