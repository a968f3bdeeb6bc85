"""Groups in the administration: those of the roles are the site's, others the administrators'."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from chatsite.accounts.roles import Role

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """What a group is for: a limit, an invitation. What people may do follows from their role."""

    fields = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_role_group(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_role_group(obj) and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Those of the roles are protected among several chosen ones too."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return (
            deleted,
            counts,
            lacking,
            [*protected, *(str(each) for each in objs if is_role_group(each))],
        )


def is_role_group(group: Group | None) -> bool:
    return group is not None and group.name in Role.values
