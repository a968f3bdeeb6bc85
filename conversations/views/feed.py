"""The change feed as server-sent events: what a page has to know when it isn't looked at.

The first event tells how things are, each later one that something has changed. A browser holds one
of these for all of its tabs (static/js/streams.js).
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator

from django.db import DatabaseError
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.accounts.models import User
from chatsite.core.connections import release_connection
from chatsite.core.database_errors import is_unavailable
from chatsite.server import refusals
from conversations import queries
from conversations.services.change_feed import ChangeFollower, feed
from conversations.services.replies import streams
from conversations.services.replies.streams import OpenStream
from conversations.views import sse_events
from conversations.views.rights import Rights

# Seconds after which a line without news says that it still stands.
SILENCE = 15.0
# Seconds after which rights are asked for again while there is no news, which would ask for them.
RECHECK = 60.0

# The event that tells how things are; None once its reader has lost the right to it.
type ReadState = Callable[[int], str | None]


@require_GET
@signed_in
def stream_feed(request: SignedInRequest) -> HttpResponseBase:
    if streams.feeds.is_exhausted():
        return refusals.busy_response(request)
    rights, language, user_id = Rights(request), translation.get_language(), request.user.pk
    release_connection()

    def read_state(list_changes: int) -> str | None:
        try:
            user = rights.user()
            return make_state_event(user, list_changes) if user else None
        finally:
            release_connection()

    def events() -> Iterator[str]:
        with (
            translation.override(language),
            feed.follow(user_id) as follower,
            streams.feeds.open_stream(user_id, follower.wake) as stream,
        ):
            yield from make_feed_events(follower, stream, read_state)
            # A page that is told of the end stays away for a while.
            if not stream.comes_back:
                yield sse_events.END

    return sse_events.make_stream_response(request, events(), compress=False)


def make_feed_events(
    follower: ChangeFollower, stream: OpenStream, read_state: ReadState
) -> Iterator[str]:
    """Until its reader may not read it any more, or has too many."""
    has_changed, read_at = True, 0.0
    while not stream.gave_way:
        if has_changed or time.monotonic() - read_at >= RECHECK:
            try:
                state = read_state(follower.list_changes)
            except DatabaseError as error:
                if not is_unavailable(error):
                    raise
                # The page comes back for it.
                return
            if state is None:
                return
            read_at = time.monotonic()
            yield state
        else:
            yield sse_events.COMMENT
        has_changed = follower.wait(SILENCE)


def make_state_event(user: User, list_changes: int) -> str:
    """How often what is listed has changed, where replies are being written, and where one wasn't
    seen.
    """
    state = {
        "listChanges": list_changes,
        "running": [make_url(pk) for pk in queries.list_running_ids(user)],
        "unseen": [
            {"url": make_url(conversation.pk), "title": conversation.title}
            for conversation in queries.list_unseen_conversations(user)
        ],
    }
    return sse_events.make_event(json.dumps(state))


def make_url(conversation_id: uuid.UUID) -> str:
    return reverse("conversations:detail", args=[conversation_id])
