"""Who may call a view of review, and what its pages need of the administration around them."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from chatsite.accounts.access import SignedInRequest
from chatsite.accounts.models import User
from conversations.views.rights import Rights

READ = "review.view_review"
JUDGE = "review.change_review"


def list_reviewers() -> QuerySet[User]:
    """Return who may judge conversations, by their names: they see each other's names, and assign
    work to each other.
    """
    able = User.objects.with_perm(JUDGE).filter(is_staff=True)
    return able.only("username").order_by("username")


def permitted[**P](
    *permissions: str,
) -> Callable[
    [Callable[Concatenate[SignedInRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """For staff who have all of these permissions; `admin_site.admin_view` sends others to sign
    in before.
    """

    def decorate(
        view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not cast(User, request.user).has_perms(permissions):
                raise PermissionDenied
            return view(cast(SignedInRequest, request), *args, **kwargs)

        return wrapper

    return decorate


class ReviewRights(Rights):
    """Whoever has lost one of the permissions that decide what is in a file may not go on."""

    def __init__(self, request: SignedInRequest, *permissions: str) -> None:
        super().__init__(request)
        self._permissions = [each for each in permissions if request.user.has_perm(each)]

    def user(self) -> User | None:
        user = super().user()
        return user if user and user.has_perms(self._permissions) else None


def render_page(
    request: HttpRequest, template: str, *, title: str, model: type[Model], **context: Any
) -> HttpResponseBase:
    """A page of the administration; `model` is whose list its breadcrumbs lead to."""
    around = admin.site.each_context(request) | {"title": title, "opts": model._meta}
    status = context.pop("status", 200)
    return render(request, template, around | context, status=status)
