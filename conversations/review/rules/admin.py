"""Rules that flag messages, in the administration; each can be tried on past messages first."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from conversations.review.models import Flag, Rule, Trial
from conversations.review.rules import dry_run_views, flagging
from conversations.review.rules.dry_runs import fail_if_abandoned
from conversations.review.rules.forms import FIELDS, RuleForm
from conversations.review.rules.matching import LONGEST
from conversations.search.snippets import cut_at_length

SHOWN_DRY_RUNS = 5
# Characters that the list shows of what a rule looks for.
LISTED_LENGTH = 60


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin[Rule]):
    form = RuleForm
    change_form_template = "review/rules/change_form.html"
    list_display = ("name", "kind", "looks_for", "messages_of", "state")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    fieldsets = ((None, {"fields": ("name", "kind", *FIELDS.values(), "role", "is_active")}),)

    class Media:
        css = {"all": ["css/rules.css"]}
        js = ["js/rules.js"]

    def delete_model(self, request: HttpRequest, obj: Rule) -> None:
        flagging.delete_rules(rules=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        flagging.delete_rules(rules=queryset)

    def get_deleted_objects(
        self, objs: Iterable[Rule], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Return numbers: a rule may have flagged a hundred thousand messages."""
        rules = list(objs)
        counts = {
            str(Rule._meta.verbose_name_plural): len(rules),
            gettext("flags"): Flag.all_objects.filter(rule__in=rules).count(),
        }
        return [rule.name for rule in rules], counts, set(), []

    @admin.display(description=_("looks for"))
    def looks_for(self, rule: Rule) -> str:
        if rule.kind == Rule.Kind.WORDS:
            return cut_at_length(", ".join(rule.text.splitlines()), LISTED_LENGTH)
        if rule.kind == Rule.Kind.PATTERN:
            return cut_at_length(rule.text, LISTED_LENGTH)
        if rule.threshold is None:
            return ""
        number = number_format(rule.threshold.normalize(), use_l10n=True, force_grouping=True)
        over = (
            gettext("over $%(number)s")
            if rule.kind == Rule.Kind.COST
            else ngettext(
                "over %(number)s character", "over %(number)s characters", int(rule.threshold)
            )
        )
        return over % {"number": number}

    @admin.display(description=_("messages of"), ordering="role")
    def messages_of(self, rule: Rule) -> str:
        return rule.get_role_display()

    @admin.display(description=_("state"), ordering="is_active")
    def state(self, rule: Rule) -> str:
        if rule.fault:
            return gettext("Switched off by itself: %(fault)s") % {"fault": rule.fault}
        return gettext("On") if rule.is_active else gettext("Off")

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Any, str]] = [
            ("<int:rule_id>/trials/", dry_run_views.create_dry_run, "review_rule_try"),
            (
                "<int:rule_id>/trials/<int:dry_run_id>/",
                dry_run_views.show_dry_run,
                "review_rule_trial",
            ),
            (
                "<int:rule_id>/trials/<int:dry_run_id>/stop/",
                dry_run_views.cancel_dry_run,
                "review_rule_stop",
            ),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=name)
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = (extra_context or {}) | {
            "longest": LONGEST,
            "dry_runs": list_own_dry_runs(cast(User, request.user), object_id),
        }
        return super().change_view(request, object_id, form_url, context)


def list_own_dry_runs(user: User, rule_id: str) -> list[Trial]:
    """Return the latest of the reader's own: others' have counted what those may see."""
    if not rule_id.isdecimal() or len(rule_id) > 18:
        return []
    found = Trial.objects.filter(rule=int(rule_id), started_by=user)
    return [fail_if_abandoned(dry_run) for dry_run in found[:SHOWN_DRY_RUNS]]
