"""Trials of a rule on past messages: begun, followed and stopped by whoever may change rules.

A trial is its beginner's alone, as it has counted what they may see.
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
from conversations.models import Message
from conversations.review.audit.reason_views import with_reason
from conversations.review.audit.services import record_access
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry, Rule, Trial
from conversations.review.permissions import READ, permitted, render_page
from conversations.review.queries import visible_to
from conversations.review.rules import dry_runs
from conversations.review.rules.excerpts import Excerpt, excerpts_of

CHANGE = "review.change_rule"


@dataclass(frozen=True)
class Example:
    url: str
    # What to call the user.
    name: str
    is_user: bool
    at: datetime
    excerpt: Excerpt


@permitted(READ, CHANGE)
@require_POST
@with_reason
def start(request: SignedInRequest, rule_id: int) -> HttpResponseBase:
    rule = get_object_or_404(Rule, pk=rule_id)
    record_access(request, AccessEntry.Kind.TRIAL, details={"rule": rule.pk})
    trial = dry_runs.start(rule=rule, user=request.user)
    return redirect("admin:review_rule_trial", rule.pk, trial.pk)


@permitted(READ, CHANGE)
@require_safe
@with_reason
def trial(request: SignedInRequest, rule_id: int, trial_id: int) -> HttpResponseBase:
    """The page; for htmx, what changes in it."""
    trial = dry_runs.settled(trial_of(request, rule_id, trial_id))
    is_part = bool(request.htmx)
    found = messages_of(request, trial)
    is_running = trial.state == Trial.State.RUNNING
    is_new = len(trial.examples) > trial.disclosed or (found and not is_part)
    # While it runs its page asks every second: that is one look until there is more to be seen.
    if not is_running or is_new:
        record_access(
            request,
            AccessEntry.Kind.TRIAL,
            details={"rule": rule_id, "trial": trial.pk},
            shown=[message.conversation for message in found],
        )
        Trial.objects.filter(pk=trial.pk).update(disclosed=len(trial.examples))
    return render_page(
        request,
        "review/rules/dry_run.html#progress" if is_part else "review/rules/dry_run.html",
        title=_("“%(rule)s” on past messages") % {"rule": trial.rule},
        model=Rule,
        trial=trial,
        share=round(100 * trial.scanned / trial.total) if trial.total else 0,
        examples=examples(request, trial, found),
    )


@permitted(READ, CHANGE)
@require_POST
def stop(request: SignedInRequest, rule_id: int, trial_id: int) -> HttpResponseBase:
    dry_runs.stop(trial=trial_of(request, rule_id, trial_id))
    return redirect("admin:review_rule_trial", rule_id, trial_id)


def trial_of(request: SignedInRequest, rule_id: int, trial_id: int) -> Trial:
    own = Trial.objects.select_related("rule").filter(started_by=request.user)
    return get_object_or_404(own, pk=trial_id, rule=rule_id, rule__is_going=False)


def messages_of(request: SignedInRequest, trial: Trial) -> list[Message]:
    """Those found that there still are and that the reader still may see, the newest first."""
    found = Message.objects.filter(visible_to(request.user), pk__in=trial.examples)
    related = found.select_related("conversation__owner", "conversation__review")
    return list(related.defer("html").order_by("-pk"))


def examples(request: SignedInRequest, trial: Trial, messages: list[Message]) -> list[Example]:
    excerpts = offload(excerpts_of, trial.rule, messages)
    identities = Identities(request.user)
    identities.fetch(person_of(message) for message in messages)
    return [
        Example(
            url=f"{transcript_url(message)}?message={message.pk}",
            name=identities.name(person_of(message)),
            is_user=message.is_user,
            at=message.created_at,
            excerpt=excerpt,
        )
        for message, excerpt in zip(messages, excerpts, strict=True)
    ]


def transcript_url(message: Message) -> str:
    return reverse("admin:review_review_change", args=[message.conversation_id])


def person_of(message: Message) -> str:
    """The pseudonym; of what was deleted under hold, only the review knows it."""
    owner = message.conversation.owner
    return owner.pseudonym if owner else message.conversation.review.person
