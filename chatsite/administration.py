"""The administration's site: Django's, with the models of review in the order of work."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path

from chatsite.jobs.models import CrashedItem

type View = Callable[..., HttpResponseBase]

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
    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Django looks for an object before it asks who may see it: whoever may see none gets the
        same answer whether it is there or not.
        """
        model_admin = getattr(view, "__self__", None)
        if isinstance(model_admin, ModelAdmin) and view.__name__ == "history_view":
            view = permitted_first(model_admin, view)
        return super().admin_view(view, cacheable)

    def get_urls(self) -> list[Any]:
        """“View on site” would tell of any model's objects whether they are there."""
        route, view = "r/<path:object_path>/", self.admin_view(not_there)
        return [path(route, view, name="not_on_site"), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps: list[Any] = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "review":
                app["models"].sort(key=order_of_app)
        return apps

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Tells whoever can do something about it that jobs were set aside."""
        aside = CrashedItem.objects.filter(set_aside_at__isnull=False)
        is_told = request.user.has_perm("jobs.change_crasheditem")
        told = {"set_aside": aside.count() if is_told else 0}
        return super().index(request, told | (extra_context or {}))


def not_there(_request: HttpRequest, object_path: str) -> HttpResponseBase:
    raise Http404


def permitted_first(model_admin: ModelAdmin[Any], view: View) -> View:
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper


def order_of_app(model: dict[str, Any]) -> int:
    name = model["object_name"]
    return ORDER.index(name) if name in ORDER else len(ORDER)
