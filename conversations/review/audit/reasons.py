"""Why somebody looks at what others wrote: kept in their session for a working day, and noted down
with every access.
"""

import time

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conversations.review.models import AccessEntry, ReviewPolicy

KEPT = 8 * 60 * 60  # seconds
KEY = "review_reason"
HELP = _(
    "Such as the number of a complaint. It stays in the access log for good, so it should name no "
    "user."
)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=AccessEntry.REASON_LENGTH,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text=HELP,
    )


def given_reason(request: HttpRequest) -> str:
    """The one that holds now; "" when there is none, or nobody asks for any."""
    kept = request.session.get(KEY)
    if not kept or reason_policy() == ReviewPolicy.Reason.NONE:
        return ""
    # Nor one that a clock which was ahead has let hold for longer.
    if not 0 <= kept["until"] - time.time() <= KEPT:
        return ""
    return str(kept["text"])


def remember_reason(request: HttpRequest, text: str) -> None:
    request.session[KEY] = {"text": text, "until": time.time() + KEPT}


def are_missing(request: HttpRequest) -> bool:
    return reason_policy() == ReviewPolicy.Reason.REQUIRED and not given_reason(request)


def reason_policy() -> ReviewPolicy.Reason:
    return ReviewPolicy.Reason(ReviewPolicy.current().reason)
