"""What crashed, for administrators: what isn't done because of it, and a way to try it again."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatsite.jobs import attempts
from chatsite.jobs.models import CrashedItem
from chatsite.jobs.registry import JOBS

TRY_AGAIN = "_try_again"


@admin.register(CrashedItem)
class CrashedItemAdmin(admin.ModelAdmin[CrashedItem]):
    list_display = ("item", "state", "consequence", "crashes", "crashed_at")
    list_display_links = None
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CrashedItem | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if TRY_AGAIN in request.POST and self.has_change_permission(request):
            chosen = request.POST[TRY_AGAIN]
            crashed = get_object_or_404(
                CrashedItem, pk=int(chosen) if chosen.isascii() and chosen.isdigit() else 0
            )
            attempts.try_again(crashed)
            messages.success(request, gettext("It will be tried again."))
            return redirect(request.get_full_path())
        context = {"title": gettext("Jobs that crashed")}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("what isn’t done meanwhile"))
    def consequence(self, crashed: CrashedItem) -> str:
        if crashed.set_aside_at is None:
            return gettext("Nothing is left undone yet.")
        job = JOBS.get(crashed.job)
        return str(job.consequence) if job else crashed.job

    @admin.display(description=_("state"))
    def state(self, crashed: CrashedItem) -> str | SafeString:
        if crashed.set_aside_at is None:
            return gettext("Will be tried once more, alone")
        return format_html(
            '<button class="button" name="{}" value="{}">{}</button>',
            TRY_AGAIN,
            crashed.pk,
            gettext("Try again"),
        )
