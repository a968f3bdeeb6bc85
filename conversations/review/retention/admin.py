"""Retention and legal holds in the administration."""

import functools
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.access import SignedInRequest
from conversations.review.audit import listings
from conversations.review.audit.reason_views import with_reason
from conversations.review.identities import SEE, Identities
from conversations.review.models import Hold, RetentionRule
from conversations.review.retention import services as retention

# How many conversations are counted for a rule.
COUNTED = 10_000


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin[RetentionRule]):
    list_select_related = ("group",)
    # Everybody's first.
    ordering = (F("group__name").asc(nulls_first=True),)
    fieldsets = (
        (
            None,
            {
                "fields": ("group", "days"),
                "description": _(
                    "Leave the group empty for the rule that holds for everybody. A group’s rule "
                    "takes its place for the group’s members. Of the rules of several groups the "
                    "longest wins: nothing is deleted that one of them would keep. Conversations "
                    "on legal hold stay, whatever is said here. What is deleted can’t be had back."
                ),
            },
        ),
    )

    @admin.display(description=_("whose"))
    def whose(self, rule: RetentionRule) -> str:
        return str(rule)

    @admin.display(description=_("kept"))
    def kept_for(self, rule: RetentionRule) -> str:
        if rule.days is None:
            return gettext("for good")
        return ngettext("%(days)d day", "%(days)d days", rule.days) % {"days": rule.days}

    def get_list_display(
        self, request: HttpRequest
    ) -> tuple[str | Callable[[RetentionRule], str], ...]:
        return ("whose", "kept_for", due_column())

    def save_model(
        self, request: HttpRequest, obj: RetentionRule, form: ModelForm[Any], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if count := retention.due_by(obj)[: COUNTED + 1].count():
            messages.warning(request, describe_due(count))


def due_column() -> Callable[[RetentionRule], str]:
    """The numbers of all rules are asked for at once, when the first is shown."""
    counts = functools.cache(partial(retention.due_by_rule, COUNTED))

    @admin.display(description=_("would be deleted now"))
    def due_now(rule: RetentionRule) -> str:
        of_rules, are_more = counts()
        count = f"{of_rules.get(rule.pk, 0):,}"
        return gettext("at least %(count)s") % {"count": count} if are_more else count

    return due_now


def describe_due(count: int) -> str:
    if count > COUNTED:
        return gettext(
            "More than %(count)s conversations are older than that. The site begins to delete them "
            "in about an hour; change the rule until then to keep them."
        ) % {"count": f"{COUNTED:,}"}
    return ngettext(
        "%(count)s conversation is older than that. The site deletes it in about an hour; change "
        "the rule until then to keep it.",
        "%(count)s conversations are older than that. The site begins to delete them in about an "
        "hour; change the rule until then to keep them.",
        count,
    ) % {"count": f"{count:,}"}


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin[Hold]):
    """A list, which leads to the transcripts; a hold is placed and released there."""

    list_display_links = None
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The list alone: Django's form would show names to whoever may see holds."""
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="review_hold_changelist")]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """It shows titles, so it is asked why, and noted down, as for the queue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return cast(HttpResponse, self._listed(cast(SignedInRequest, request), extra_context))

    @method_decorator(with_reason)
    def _listed(
        self, request: SignedInRequest, extra_context: dict[str, Any] | None
    ) -> HttpResponseBase:
        response = super().changelist_view(request, extra_context)
        if found := (getattr(response, "context_data", None) or {}).get("cl"):
            listings.record_listing(
                request, "holds", [hold.conversation for hold in found.result_list]
            )
        return response

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        found = super().get_queryset(request)
        return found.select_related("conversation__owner", "conversation__review", "placed_by")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By nothing: who asked by letters of the owner's name would learn it from what is left."""
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[str | Callable[[Hold], str], ...]:
        return (conversation, owner_for(request), "reason", "placed_by", placed, release)


@admin.display(description=_("conversation"))
def conversation(hold: Hold) -> str:
    url = reverse("admin:review_review_change", args=[hold.conversation_id])
    return format_html('<a href="{}">{}</a>', url, hold.conversation.title)


def owner_for(request: HttpRequest) -> Callable[[Hold], str]:
    """Whose it is or was, by the name that the reader may see."""
    sees_names = request.user.has_perm(SEE)
    identities = Identities(request.user)

    @admin.display(description=_("user"))
    def owner(hold: Hold) -> str:
        current = hold.conversation.owner
        if current:
            return current.username if sees_names else identities.name(current.pseudonym)
        person = hold.conversation.review.person
        name = hold.owner_username if sees_names else identities.name(person)
        return gettext("%(name)s, who has deleted it") % {"name": name}

    return owner


@admin.display(description=_("placed"), ordering="placed_at")
def placed(hold: Hold) -> str:
    at = timezone.localtime(hold.placed_at)
    return format_html(
        '<time datetime="{}">{}</time>', at.isoformat(), date_format(at, "j M Y, H:i")
    )


@admin.display(description=_("release"))
def release(hold: Hold) -> str:
    url = reverse("admin:review_review_release", args=[hold.conversation_id])
    return format_html('<a href="{}">{}</a>', url, _("Release…"))
