"""A reply as server-sent events while it is written: first all there is, then what is new, at last
the finished article.

The answer is always 200 and an event: hx-sse would follow a redirect, or ask again for what was not
found, for ever. An event named "end" closes the connection for good.

The id of an event is how many characters of the text the page has with it. Who comes back tells it:
what is saved may be behind what the page shows, and takes no word away from there.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from chatsite.accounts.budgets.status import compute_budget_status
from chatsite.accounts.models import User
from chatsite.accounts.second_factor.services import lacks_second_factor
from chatsite.core.clocks import is_recent
from chatsite.core.connections import release_connection
from chatsite.core.database_errors import is_unavailable
from chatsite.server import admission_queue, refusals
from chatsite.server.hung_up import has_hung_up
from conversations import queries
from conversations.models import Message
from conversations.rendering.patches import PatchCursor
from conversations.services.conversations import mark_seen
from conversations.services.replies import streams
from conversations.services.replies.channel import FollowedReply, get_channel
from conversations.services.replies.growing_html import GrowingHtml, share_html
from conversations.services.replies.memory import ReplyBuffer
from conversations.services.replies.pace import choose_pace
from conversations.services.replies.streams import OpenStream
from conversations.views import sse_events
from conversations.views.rights import RECHECK, Rights

# Seconds after which a comment tells proxies, and us, that the line still stands.
SILENCE = 15.0
# Within this time after a reply's end those who follow it are told.
GRACE = timedelta(seconds=RECHECK)
# How often the database is asked about a running reply that isn't written in this process.
POLL = 1.0

# Characters, as an event's id has them: nobody's reply has more than nine digits.
SEEN = re.compile("[0-9]{1,9}")

# The message as it is now; None when it is gone, or its reader may not read it any more.
type Read = Callable[[], Message | None]
# The reply while it is written, wherever that is; None when it can't be followed (yet).
type FindLive = Callable[[], FollowedReply | None]
# What to say of what is left of the reader's budget; None for who has none.
type ReadHint = Callable[[], str | None]


@require_GET
def stream_reply(
    request: HttpRequest, conversation_id: uuid.UUID, message_id: int
) -> HttpResponseBase:
    if streams.replies.is_exhausted():
        return refusals.busy_response(request)
    rights = Rights(request)

    def read() -> Message | None:
        try:
            user = rights.user()
            return find_readable_message(user, conversation_id, message_id) if user else None
        finally:
            release_connection()

    def read_budget_hint() -> str | None:
        try:
            budget_status = compute_budget_status(cast(User, request.user))
            return budget_status.budget_hint if budget_status.budgets else None
        finally:
            release_connection()

    def find_live() -> FollowedReply | None:
        reply = get_channel().follow_reply(message_id)
        return reply if reply and may_follow(reply, request.user, conversation_id) else None

    reply, seen = find_live(), read_seen(request)
    has_left = partial(has_hung_up, request)
    # Nobody is signed in: it ends at once, and counts with those of nobody.
    user_id = request.user.pk or 0
    release_connection()
    zone, language = timezone.get_current_timezone(), translation.get_language()

    def events() -> Iterator[str]:
        with timezone.override(zone), translation.override(language):
            wake = reply.wake if reply else wake_nobody
            with streams.replies.open_stream(user_id, wake) as stream:
                yield from make_stream_events(
                    reply or find_live, read, read_budget_hint, has_left, stream, seen
                )

    return sse_events.make_stream_response(request, events())


def read_seen(request: HttpRequest) -> int:
    """Return how many characters of the reply the page has, as it tells; 0 when it doesn't."""
    told = request.headers.get("Last-Event-ID", ""), request.GET.get("seen", "")
    return max(int(value) if SEEN.fullmatch(value) else 0 for value in told)


def wake_nobody() -> None:
    """Nothing has to be woken that looks again every second."""


def may_follow(
    reply: FollowedReply, user: User | AnonymousUser, conversation_id: uuid.UUID
) -> bool:
    """Asks the database only where a second factor is required."""
    if not isinstance(user, User) or not reply.belongs_to(user.pk, conversation_id):
        return False
    return not lacks_second_factor(user)


def find_readable_message(
    user: User, conversation_id: uuid.UUID, message_id: int
) -> Message | None:
    try:
        return queries.get_message(user, conversation_id, message_id)
    except Http404:
        return None


def make_stream_events(
    reply: FollowedReply | FindLive,
    read: Read,
    read_budget_hint: ReadHint,
    has_left: Callable[[], bool],
    stream: OpenStream,
    seen: int = 0,
) -> Iterator[str]:
    """`reply`: what is followed, or what may find it later; `seen`: how many characters the page
    has already.
    """
    if callable(reply):
        yield from poll_reply(reply, read, stream, seen)
    else:
        yield from follow_live_reply(reply, read, stream)
    if stream.gave_way:
        yield sse_events.PAUSED
        return
    try:
        message = read()
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        # The words stay as they are on the screen, and their reader comes back for the rest.
        return
    if message:
        if message.is_running:
            # This process ends before the database takes it; the next one tells.
            return
        # First, as the finished article takes the stream's element away.
        if (hint := read_budget_hint()) is not None:
            yield sse_events.make_budget_hint_event(hint)
        if context_event := sse_events.make_context_event(message):
            yield context_event
        # Who takes the article leaves with it; a tab that was hidden before shows nothing of it,
        # and its reader is told by the feed.
        is_shown = not has_left()
        yield sse_events.make_finished_event(message)
        if is_shown:
            mark_seen(conversation=message.conversation)
    yield sse_events.END


class ThinkingReader:
    """What one reader has been sent of a reply's thinking."""

    def __init__(self, reply: FollowedReply) -> None:
        self._reply = reply
        self._seen = 0

    def read(self) -> str:
        """The event that brings what is new; "" when nothing is."""
        make_frame = (
            sse_events.make_more_thinking_event if self._seen else sse_events.make_thinking_event
        )
        reasoning, self._seen = self._reply.reasoning_after(self._seen)
        return make_frame(self._reply.pk, reasoning) if reasoning else ""


def follow_live_reply(reply: FollowedReply, read: Read, stream: OpenStream) -> Iterator[str]:
    """Increments until the reply is done or its reader may not read it any more, or has too many
    streams.
    """
    html, cursor, thinking = share_html(reply), PatchCursor(), ThinkingReader(reply)
    unsaved = False
    patches, seen = html.advance(cursor)
    # The headers leave with the first chunk, so there is one even before the first word.
    first = sse_events.make_snapshot_event(reply.pk, patches) if patches else ""
    first += thinking.read()
    yield sse_events.identify(first, reply.length) if first else sse_events.COMMENT
    sent_at = checked_at = time.monotonic()
    begun = bool(first)
    while not reply.done:
        until_recheck = max(0, checked_at + RECHECK - time.monotonic())
        html.wait_for_more(
            seen, until_recheck, unsaved=unsaved, interrupted=lambda: stream.gave_way
        )
        if stream.gave_way:
            return
        if time.monotonic() - checked_at >= RECHECK:
            if not may_go_on(read):
                return
            checked_at = time.monotonic()
        pace = choose_pace() if begun else 0
        reply.wait_done(max(html.rest(), sent_at + pace - time.monotonic()))
        if begun:
            admission_queue.yield_to_queue()
        patches, seen = html.advance(cursor)
        # The thinking after the text: what `seen` counts of it is then there to be read.
        if events := sse_events.make_increment_events(reply.pk, patches) + thinking.read():
            yield sse_events.identify(events, reply.length)
            begun = True
        elif reply.unsaved and not unsaved:
            yield sse_events.make_unsaved_event(reply.pk)
            unsaved = True
        elif time.monotonic() - sent_at < SILENCE:
            continue
        else:
            yield sse_events.COMMENT
        sent_at = time.monotonic()


def may_go_on(read: Read) -> bool:
    """Whether the reader has the right to, and the reply isn't long over: the end of one that
    another process wrote may never be told.

    While the database is away nobody loses a right; who had it reads on.
    """
    try:
        message = read()
        return message is not None and not has_long_ended(message)
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        return True


def has_long_ended(message: Message) -> bool:
    """Its colours may come a moment after its end."""
    ended = message.finished_at
    return not message.is_running and not (ended and is_recent(ended, timezone.now(), GRACE))


class SavedReader:
    """What one reader has been sent of what is saved of a reply: of one that can't be followed."""

    def __init__(self, message: Message, seen: int) -> None:
        self._buffer = ReplyBuffer(
            message.pk,
            message.conversation.owner_id,
            message.conversation_id,
            is_json=message.is_json,
        )
        self._html, self._cursor = GrowingHtml(self._buffer), PatchCursor()
        self._seen = seen  # characters

    def read(self, message: Message) -> str:
        """The events that bring what is new; "" when nothing is."""
        if len(message.text) <= self._seen:
            return ""
        self._seen = len(message.text)
        is_first = not self._buffer.size
        self._buffer.publish(message.text[self._buffer.length :])
        patches, _shown = self._html.advance(self._cursor)
        make = sse_events.make_snapshot_event if is_first else sse_events.make_increment_events
        return sse_events.identify(make(message.pk, patches), self._seen)


def poll_reply(find_live: FindLive, read: Read, stream: OpenStream, seen: int) -> Iterator[str]:
    """For a reply that another process writes without being heard, or none any more: what is saved
    of it and more than was seen, until its end, or until it can be followed.
    """
    saved: SavedReader | None = None
    while not stream.gave_way and (message := read()) and message.is_running:
        saved = saved or SavedReader(message, seen)
        yield saved.read(message) or sse_events.COMMENT
        time.sleep(POLL)
        if reply := find_live():
            yield from follow_live_reply(reply, read, stream)
            return
