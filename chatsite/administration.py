"""The administration's site: Django's, with the models of review in the order of work."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse

from chatsite.jobs.models import CrashedItem

# What is read, by what it is judged, what is kept, and who has looked.
ORDER = [
    "Review",
    "SiteDay",
    "Export",
    "Verdict",
    "Label",
    "Rule",
    "Hold",
    "RetentionRule",
    "ReviewPolicy",
    "AccessEntry",
]


class Administration(AdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps: list[Any] = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "review":
                app["models"].sort(key=place)
        return apps

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Tells whoever can do something about it that jobs were set aside."""
        aside = CrashedItem.objects.filter(set_aside_at__isnull=False)
        is_told = request.user.has_perm("jobs.change_crasheditem")
        told = {"set_aside": aside.count() if is_told else 0}
        return super().index(request, told | (extra_context or {}))


def place(model: dict[str, Any]) -> int:
    name = model["object_name"]
    return ORDER.index(name) if name in ORDER else len(ORDER)
