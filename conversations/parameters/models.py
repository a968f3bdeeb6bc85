"""What administrators decide about parameters, for the whole site."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.redis import local_copies
from conversations.parameters.definitions import Definition, Value

COPY = "parameter-policy"


@dataclass(frozen=True)
class Rule:
    """What holds for one parameter: the site's default, None for the model's, and its bounds."""

    default: Value | None
    least: Decimal
    most: Decimal
    is_changeable: bool = True


class ParameterPolicy(models.Model):
    """One row; without it, the API's bounds and defaults hold. `rules` has what is otherwise, by
    name: `default`, `least`, `most`, `is_fixed`.
    """

    rules = models.JSONField(_("rules"), default=dict, blank=True)

    class Meta:
        verbose_name = _("parameters")
        verbose_name_plural = _("parameters")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="parameter_policy_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Parameters of this site"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        local_copies.forget_copy(COPY)

    @classmethod
    def current(cls) -> "ParameterPolicy":
        """Return the policy; a change in another process may be seen a moment late."""
        return local_copies.get_copy(COPY, lambda: cls.objects.filter(pk=1).first() or cls(pk=1))

    def find_rule(self, definition: Definition) -> Rule:
        found = self.rules.get(definition.name, {})
        default = found.get("default")
        return Rule(
            default=default if definition.accepts(default) else None,
            least=Decimal(str(found.get("least", definition.least))),
            most=Decimal(str(found.get("most", definition.most))),
            is_changeable=not found.get("is_fixed", False),
        )
