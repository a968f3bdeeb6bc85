"""A look at a transcript is one entry of the access log, also when forms of it are sent meanwhile
and lead back to it.
"""

import time

from chatsite.accounts.access import SignedInRequest
from conversations.review.audit import services as access_log
from conversations.review.models import Review

KEY = "review_look"
# Seconds in which a browser follows a redirect.
FOLLOWED = 30


def is_under_way(request: SignedInRequest, review: Review) -> bool:
    """Whether this request is part of one that was noted down: a form that is shown again, or the
    page that it leads back to.
    """
    if request.method == "POST":
        return access_log.has_opened(request.user, review.conversation)
    back = request.session.pop(KEY, None)
    if not back or back["to"] != str(review.pk):
        return False
    return bool(0 < back["until"] - time.time() <= FOLLOWED)


def go_on(request: SignedInRequest, review: Review) -> None:
    """The page that a form leads back to is no other look, if the form came from one."""
    if access_log.has_opened(request.user, review.conversation):
        request.session[KEY] = {"to": str(review.pk), "until": time.time() + FOLLOWED}
