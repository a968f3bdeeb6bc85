"""Deleting users in the administration erases them, as they can themselves.

Everything of theirs goes, also what nobody may delete by itself there, such as a conversation. So
Django's own check of every row is replaced by a count of what hangs on them.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import ActionLocation
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from chatsite.accounts.users.services import LastAdministratorError, is_last_administrator


class ErasingAdmin(admin.ModelAdmin[User]):
    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Return whom, how many of what with them, no missing permissions, and the objections."""
        users = list(objs)
        return (
            [str(user) for user in users],
            count_related_rows(users),
            set(),
            list_objections(users, request),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except LastAdministratorError as refused:
            return self.show_refusal(request, refused)

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        try:
            return super().response_action(request, queryset, action_location)
        except LastAdministratorError as refused:
            return self.show_refusal(request, refused)

    def show_refusal(self, request: HttpRequest, refused: LastAdministratorError) -> HttpResponse:
        """Show that another administrator went since the objections were looked for."""
        self.message_user(request, refused.sentence, messages.ERROR)
        return redirect("admin:accounts_user_changelist")

    def log_deletions(self, request: HttpRequest, queryset: Iterable[User]) -> list[LogEntry]:
        """Log none here, where the entry would hold the name that is to go."""
        return []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase_user(user=obj)
        log_erasure(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self.delete_model(request, user)


def log_erasure(request: HttpRequest) -> None:
    LogEntry.objects.create(
        user=cast(User, request.user),
        content_type=ContentType.objects.get_for_model(User),
        object_repr=_("An erased account"),
        action_flag=DELETION,
        change_message="[]",
    )


def list_objections(users: list[User], request: HttpRequest) -> list[str]:
    found = []
    if is_last_administrator(*users):
        found.append(LastAdministratorError().sentence)
    if request.user in users:
        found.append(
            _(
                "Your own account is deleted on its page “My data”, which asks for your password "
                "or second factor."
            )
        )
    return found


def count_related_rows(users: list[User]) -> dict[str, int]:
    """Count the rows of each kind that go with the users; what hangs on those goes too."""
    found = {str(User._meta.verbose_name_plural): len(users)}
    for relation in User._meta.related_objects:
        if relation.on_delete is CASCADE and not relation.related_model._meta.auto_created:
            theirs = relation.related_model._base_manager.filter(
                **{f"{relation.field.name}__in": users}
            )
            if count := theirs.count():
                found[str(relation.related_model._meta.verbose_name_plural)] = count
    return found
