"""“Reviews”, among the pages about one's account: when one's conversations were opened."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.review.log import told
from conversations.views.access import SignedInRequest, signed_in


@require_safe
@signed_in
def my_reviews(request: SignedInRequest) -> HttpResponse:
    if not told.are_told():
        raise Http404
    page = told.readings_page(request.user, request.GET.get("before", ""))
    return render(request, "accounts/reviews.html", {"page": page})
