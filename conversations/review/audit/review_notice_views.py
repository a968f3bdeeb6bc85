"""“Reviews”, among the pages about one's account: when one's conversations were opened."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatsite.accounts.access import SignedInRequest, signed_in
from conversations.review.audit import review_notices


@require_safe
@signed_in
def my_reviews(request: SignedInRequest) -> HttpResponse:
    if not review_notices.are_review_notices_on():
        raise Http404
    page = review_notices.list_review_notices(request.user, request.GET.get("before", ""))
    return render(request, "review/audit/reviews.html", {"page": page})
