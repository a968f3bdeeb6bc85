"""Who is what: giving a role, and never losing the last administrator."""

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.accounts.roles import STAFF, Role
from chatsite.core.errors import UserFacingError

RANK = {role: rank for rank, role in enumerate(Role)}


class LastAdministratorError(UserFacingError):
    """Nobody would be left to administer the site."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last administrator. Make somebody else an administrator first.")
        )


def administrators() -> QuerySet[User]:
    """Those who can sign in and do everything; superusers count as administrators."""
    administering = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR.value)
    return User.objects.filter(administering, is_active=True).distinct()


def can_break_the_glass() -> bool:
    """Whether somebody gets in when the provider doesn't answer and passwords are off."""
    return administrators().filter(break_glass=True).exists()


def role_of(user: User) -> Role:
    """The highest of a user's roles."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    names = {group.name for group in user.groups.all()}
    return next(role for role in reversed(Role) if role.value in names or role == Role.USER)


@transaction.atomic
def set_role(user: User, role: Role) -> None:
    """Takes effect on the user's next request, and closes what they follow when it is less than
    they had. Raises LastAdministratorError.
    """
    if role != Role.ADMINISTRATOR:
        keep_an_administrator(without=user)
    # As it is now, whatever the caller read before; of two changes at once the later one waits.
    now = User.objects.select_for_update().get(pk=user.pk)
    user.access_version = now.access_version + (RANK[role] < RANK[role_of(now)])
    user.is_superuser = now.is_superuser and role == Role.ADMINISTRATOR
    user.is_staff = role in STAFF
    user.save(update_fields=["is_staff", "is_superuser", "access_version"])
    user.groups.remove(*Group.objects.filter(name__in=Role.values).exclude(name=role.value))
    user.groups.add(Group.objects.get(name=role.value))


def keep_an_administrator(*, without: User) -> None:
    """Raises LastAdministratorError when nobody else is one. Within a transaction: of two who take
    the role from each other at once, one is refused.
    """
    if connection.features.has_select_for_update:
        # In one order, lest two wait for each other.
        locked = User.objects.select_for_update(no_key=True).order_by("pk")
        list(locked.filter(pk__in=administrators().values("pk")))
    if is_last_administrator(without):
        raise LastAdministratorError


def is_last_administrator(*users: User) -> bool:
    """Whether these are administrators, one or all, and nobody else is."""
    these = [user.pk for user in users]
    if administrators().exclude(pk__in=these).exists():
        return False
    return administrators().filter(pk__in=these).exists()
