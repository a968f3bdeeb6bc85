"""Who may use something that is shared: everybody, or some groups. Models of other apps inherit it,
so that it is asked, set and shown in one way.
"""

from typing import Any, Self

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User


def may_share(user: User, model: type[models.Model]) -> bool:
    """Whether they decide for whom objects of this model are, and change those that are for others:
    those do who may change all of them in the administration.
    """
    return user.is_staff and user.has_perm(
        f"{model._meta.app_label}.change_{model._meta.model_name}"
    )


class AudienceQuerySet(models.QuerySet[Any]):
    def shared_with(self, user: User) -> Self:
        """Narrow it to what is for everybody, or for a group of this user."""
        in_group = self.model.groups.through.objects.filter(group__user=user)
        shared = in_group.values(self.model._meta.model_name)
        return self.filter(Q(is_for_all=True) | Q(pk__in=shared))

    def usable_by(self, user: User) -> Self:
        """Narrow it to what is shared with this user, or is their own; of what has owners."""
        return self.filter(Q(owner=user) | Q(pk__in=self.model.objects.shared_with(user)))


class Audience(models.Model):
    is_for_all = models.BooleanField(_("for everybody"), default=False)
    groups = models.ManyToManyField(
        Group, blank=True, verbose_name=_("for groups"), related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_shared(self) -> bool:
        return self.is_for_all or self.groups.exists()
