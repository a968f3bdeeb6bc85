"""Dry runs of a rule on past messages: begun, followed and stopped by whoever may change rules.

A dry run is its beginner's alone, as it has counted what they may see.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatsite.accounts.access import SignedInRequest
from chatsite.core.offload import offload
from conversations.attachments.queries import load_files
from conversations.models import Message
from conversations.review.audit.reason_views import with_reason
from conversations.review.audit.services import record_access
from conversations.review.identities import Identities, find_owner_pseudonym
from conversations.review.models import AccessEntry, Rule, Trial
from conversations.review.permissions import READ, permitted, render_page
from conversations.review.queries import visible_to
from conversations.review.rules import dry_runs
from conversations.review.rules.excerpts import make_excerpts
from conversations.search.snippets import Excerpt

CHANGE = "review.change_rule"


@dataclass(frozen=True)
class Example:
    url: str
    # The user's, or their pseudonym.
    name: str
    is_user: bool
    at: datetime
    excerpt: Excerpt


@permitted(READ, CHANGE)
@require_POST
@with_reason
def create_dry_run(request: SignedInRequest, rule_id: int) -> HttpResponseBase:
    rule = get_object_or_404(Rule, pk=rule_id)
    record_access(request, AccessEntry.Kind.TRIAL, details={"rule": rule.pk})
    dry_run = dry_runs.start_dry_run(rule=rule, user=request.user)
    return redirect("admin:review_rule_trial", rule.pk, dry_run.pk)


@permitted(READ, CHANGE)
@require_safe
@with_reason
def show_dry_run(request: SignedInRequest, rule_id: int, dry_run_id: int) -> HttpResponseBase:
    """Show the page; for htmx, what changes in it."""
    dry_run = dry_runs.fail_if_abandoned(get_dry_run(request, rule_id, dry_run_id))
    is_part = bool(request.htmx)
    found = list_examples(request, dry_run)
    is_running = dry_run.state == Trial.State.RUNNING
    is_new = len(dry_run.examples) > dry_run.disclosed or (found and not is_part)
    # While it runs its page asks every second: that is one look until there is more to be seen.
    if not is_running or is_new:
        record_access(
            request,
            AccessEntry.Kind.TRIAL,
            details={"rule": rule_id, "trial": dry_run.pk},
            shown=[message.conversation for message in found],
        )
        Trial.objects.filter(pk=dry_run.pk).update(disclosed=len(dry_run.examples))
    return render_page(
        request,
        "review/rules/dry_run.html#progress" if is_part else "review/rules/dry_run.html",
        title=_("“%(rule)s” on past messages") % {"rule": dry_run.rule},
        model=Rule,
        dry_run=dry_run,
        share=round(100 * dry_run.scanned / dry_run.total) if dry_run.total else 0,
        examples=build_examples(request, dry_run, found),
    )


@permitted(READ, CHANGE)
@require_POST
def cancel_dry_run(request: SignedInRequest, rule_id: int, dry_run_id: int) -> HttpResponseBase:
    dry_runs.stop_dry_run(dry_run=get_dry_run(request, rule_id, dry_run_id))
    return redirect("admin:review_rule_trial", rule_id, dry_run_id)


def get_dry_run(request: SignedInRequest, rule_id: int, dry_run_id: int) -> Trial:
    own = Trial.objects.select_related("rule").filter(started_by=request.user)
    return get_object_or_404(own, pk=dry_run_id, rule=rule_id, rule__is_pending_deletion=False)


def list_examples(request: SignedInRequest, dry_run: Trial) -> list[Message]:
    """Return the examples that still exist and that the reader still may see, the newest first."""
    found = Message.objects.filter(visible_to(request.user), pk__in=dry_run.examples)
    related = found.select_related("conversation__owner", "conversation__review")
    messages = list(related.defer("html").order_by("-pk"))
    load_files(messages, with_text=True)
    return messages


def build_examples(
    request: SignedInRequest, dry_run: Trial, messages: list[Message]
) -> list[Example]:
    excerpts = offload(make_excerpts, dry_run.rule, messages)
    identities = Identities(request.user)
    identities.fetch(find_owner_pseudonym(message.conversation) for message in messages)
    return [
        Example(
            url=f"{make_transcript_url(message)}?message={message.pk}",
            name=identities.name(find_owner_pseudonym(message.conversation)),
            is_user=message.is_user,
            at=message.created_at,
            excerpt=excerpt,
        )
        for message, excerpt in zip(messages, excerpts, strict=True)
    ]


def make_transcript_url(message: Message) -> str:
    return reverse("admin:review_review_change", args=[message.conversation_id])
