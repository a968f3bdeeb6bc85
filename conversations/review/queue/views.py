"""The queue of conversations."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from chatsite.accounts.access import SignedInRequest
from conversations.review import queries as selectors
from conversations.review.audit import listings
from conversations.review.audit.reason_views import with_reason
from conversations.review.filters.choices import Choices
from conversations.review.filters.filters import AFTER, BEFORE, Filters
from conversations.review.identities import Identities
from conversations.review.models import Review, SavedFilter
from conversations.review.permissions import JUDGE, READ, permitted, render_page
from conversations.review.queue import bulk as bulk_service
from conversations.review.queue import saved_filters
from conversations.review.queue.bulk_form import BulkForm
from conversations.review.queue.page_context import build_context, queue_url, read_queue_page

# So many titles fit into a message.
NAMED = 5


class NameForm(forms.ModelForm[SavedFilter]):
    class Meta:
        model = SavedFilter
        fields = ("name",)


@permitted(READ)
@require_safe
def show_queue(request: SignedInRequest) -> HttpResponseBase:
    """Sent on to the address that says the same in one way: short, and without a name in it."""
    identities, choices = Identities(request.user), Choices()
    given = request.GET.dict()
    cursors = {name: given.pop(name) for name in (AFTER, BEFORE) if name in given}
    filters = Filters.read(given, identities, choices)
    if filters.address != given:
        return redirect(queue_url(urlencode({**filters.address, **cursors})))
    return render_queue(request, filters, identities, choices, cursors)


@with_reason
def render_queue(
    request: SignedInRequest,
    filters: Filters,
    identities: Identities,
    choices: Choices,
    cursors: dict[str, str],
) -> HttpResponseBase:
    shown, problems = read_queue_page(selectors.reviews_for(request.user), filters, cursors)
    listings.record_queue(request, filters, shown.rows)
    return render_page(
        request,
        "review/queue/queue.html",
        title=_("Conversations"),
        model=Review,
        problems=[*filters.problems, *problems],
        **build_context(request.user, shown, filters, identities, choices, cursors),
    )


@permitted(READ)
@require_POST
def save_filter(request: SignedInRequest) -> HttpResponseBase:
    given = QueryDict(request.POST.get("query", "")).dict()
    filters = Filters.read(given, Identities(request.user))
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A saved filter needs a name of at most 60 characters."))
        return redirect(queue_url(filters.query))
    name = form.cleaned_data["name"]
    try:
        saved_filters.save_filter(user=request.user, name=name, query=filters.query)
    except saved_filters.TooManySavedFiltersError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The filter is saved as “%(name)s”.") % {"name": name})
    return redirect(queue_url(filters.query))


@permitted(READ)
@require_POST
def delete_filter(request: SignedInRequest, filter_id: int) -> HttpResponseBase:
    saved = get_object_or_404(SavedFilter, pk=filter_id, user=request.user)
    saved.delete()
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": saved.name})
    return redirect(queue_url())


@permitted(READ, JUDGE)
@require_POST
def apply_bulk_action(request: SignedInRequest) -> HttpResponseBase:
    form = BulkForm(request.POST, choices=Choices(), reader=request.user)
    back = redirect(queue_url(QueryDict(request.POST.get("here", "")).urlencode()))
    if not form.is_valid():
        messages.error(request, str(form.errors["action"][0]))
        return back
    versions = form.chosen
    if not versions:
        messages.error(request, _("No conversation was chosen. Tick those that you mean."))
        return back
    reviews = selectors.reviews_for(request.user).filter(pk__in=versions)
    outcome = bulk_service.apply_action(
        action=form.work,
        reviews=list(reviews.select_related("conversation", "verdict")),
        versions=versions,
        reviewer=request.user,
    )
    announce_outcome(request, outcome, gone=len(versions) - outcome.count)
    return back


def announce_outcome(request: HttpRequest, outcome: bulk_service.BulkOutcome, *, gone: int) -> None:
    if outcome.done:
        done = ngettext(
            "%(count)d conversation was changed.",
            "%(count)d conversations were changed.",
            outcome.done,
        )
        messages.success(request, done % {"count": outcome.done})
    if outcome.stale:
        listings.record_listing(
            request, "queue", [review.conversation for review in outcome.stale[:NAMED]]
        )
        words = _("Changed by somebody else meanwhile, so left as it is; look again: %(titles)s")
        titles = ", ".join(f"“{review.conversation.title}”" for review in outcome.stale[:NAMED])
        titles += " …" if len(outcome.stale) > NAMED else ""
        messages.warning(request, words % {"titles": titles})
    if outcome.own:
        own = ngettext(
            "%(count)d conversation was left as it is: nobody reviews their own.",
            "%(count)d conversations were left as they are: nobody reviews their own.",
            outcome.own,
        )
        messages.warning(request, own % {"count": outcome.own})
    if gone:
        left = ngettext(
            "%(count)d conversation isn’t there any more.",
            "%(count)d conversations aren’t there any more.",
            gone,
        )
        messages.warning(request, left % {"count": gone})
