"""Give users their roles, and never lose the last administrator."""

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.accounts.roles import STAFF, Role
from chatsite.core.errors import UserFacingError

ROLE_RANK = {role: rank for rank, role in enumerate(Role)}


class LastAdministratorError(UserFacingError):
    """Nobody would be left to administer the site."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last administrator. Make somebody else an administrator first.")
        )


def list_administrators() -> QuerySet[User]:
    """List those who can sign in and do everything; superusers count as administrators."""
    administering = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR.value)
    return User.objects.filter(administering, is_active=True).distinct()


def has_break_glass_administrator() -> bool:
    """Return whether somebody gets in when the provider is down and passwords are off."""
    return list_administrators().filter(break_glass=True).exists()


def get_role(user: User) -> Role:
    """Return the highest of a user's roles."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    names = {group.name for group in user.groups.all()}
    return next(role for role in reversed(Role) if role.value in names or role == Role.USER)


@transaction.atomic
def set_role(user: User, role: Role) -> None:
    """Give the user a role from their next request on, and close what they follow when it is less
    than they had. Raises LastAdministratorError.
    """
    if role != Role.ADMINISTRATOR:
        ensure_administrator_remains(without=user)
    # As it is now, whatever the caller read before; of two changes at once the later one waits.
    now = User.objects.select_for_update().get(pk=user.pk)
    user.access_version = now.access_version + (ROLE_RANK[role] < ROLE_RANK[get_role(now)])
    user.is_superuser = now.is_superuser and role == Role.ADMINISTRATOR
    user.is_staff = role in STAFF
    user.save(update_fields=["is_staff", "is_superuser", "access_version"])
    user.groups.remove(*Group.objects.filter(name__in=Role.values).exclude(name=role.value))
    user.groups.add(Group.objects.get(name=role.value))


def ensure_administrator_remains(*, without: User) -> None:
    """Raise LastAdministratorError when nobody else is one. Within a transaction: of two who take
    the role from each other at once, one is refused.
    """
    if connection.features.has_select_for_update:
        # In one order, lest two wait for each other.
        locked = User.objects.select_for_update(no_key=True).order_by("pk")
        list(locked.filter(pk__in=list_administrators().values("pk")))
    if is_last_administrator(without):
        raise LastAdministratorError


def is_last_administrator(*users: User) -> bool:
    """Return whether these are administrators, one or all, and nobody else is."""
    these = [user.pk for user in users]
    if list_administrators().exclude(pk__in=these).exists():
        return False
    return list_administrators().filter(pk__in=these).exists()
