"""The events of a reply's stream, as hx-sse reads them: each an `<hx-partial>` to swap in."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import escape

from conversations.context_usage import measure_context
from conversations.model_catalog.catalog import get_context_budget
from conversations.models import Message
from conversations.presenter import present_message
from conversations.prompt_counts import PromptCounts
from conversations.rendering.html_diff import Patch

# For proxies a comment, and for the page an event, as browsers keep comments to themselves: a page
# that hears nothing for 20 s takes the line for dead (static/js/streams.js).
COMMENT = ": still here\nevent: beat\ndata: beat\n\n"
END = "event: end\ndata: end\n\n"
# The tab comes back when it is looked at again; whoever doesn't know that event knows the end.
PAUSED = "event: stream:paused\ndata: paused\n\n" + END

# A window of 4 KB holds what repeats from event to event and costs 32 KB of memory a stream, where
# the usual 32 KB window would cost 256 KB.
WINDOW_BITS = 12
MEMORY_LEVEL = 5
GZIP = 16
BREAKS = re.compile(r"\r\n|\r|\n")


def make_stream_response(
    request: HttpRequest, events: Iterable[str], *, compress: bool = True
) -> StreamingHttpResponse:
    """Always 200; compressed where the browser takes that, and passed on at once by proxies.

    `compress`: not what says little and stays open for hours, as it costs 39 KB of memory.
    """
    chunks: Iterable[bytes] = (event.encode() for event in events)
    compressed = compress and "gzip" in request.headers.get("Accept-Encoding", "")
    answer = StreamingHttpResponse(
        compress_chunks(chunks) if compressed else chunks, content_type="text/event-stream"
    )
    # Said in both cases, so that nothing on the way compresses what must not wait.
    answer["Content-Encoding"] = "gzip" if compressed else "identity"
    answer["Cache-Control"] = "no-cache, no-store, no-transform"
    answer["X-Accel-Buffering"] = "no"
    patch_vary_headers(answer, ["Accept-Encoding", "Cookie"])
    return answer


def compress_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Each chunk leaves whole: the reader sees an event when it happens."""
    packer = zlib.compressobj(level=6, wbits=GZIP + WINDOW_BITS, memLevel=MEMORY_LEVEL)
    for chunk in chunks:
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def make_snapshot_event(pk: int, patches: Sequence[Patch]) -> str:
    """All there is by now, in the place of whatever the page showed."""
    return make_partial_event(
        make_body_selector(pk), "innerHTML", "".join(each.html for each in patches)
    )


def make_increment_events(pk: int, patches: Sequence[Patch]) -> str:
    """A message for each patch: htmx looks for all targets of one before it swaps any."""
    return "".join(
        make_partial_event(each.selector(make_body_selector(pk)), each.swap, each.html)
        for each in patches
    )


def make_thinking_event(pk: int, reasoning: str) -> str:
    """All that was thought by now; folded, or open if its reader has opened it."""
    context = {"pk": pk, "reasoning": reasoning}
    html = render_to_string("conversations/_thinking.html", context)
    return make_partial_event(f"#m{pk}-thinking", "innerMorph", html)


def make_more_thinking_event(pk: int, reasoning: str) -> str:
    return make_partial_event(f"#m{pk}-thinking-text", "beforeend", escape(reasoning))


def make_body_selector(pk: int) -> str:
    return f"#m{pk}-body"


def make_finished_event(message: Message) -> str:
    """The article as a page would show it, in the place of the growing one."""
    return make_event(
        render_to_string("conversations/_replaced.html", {"view": present_message(message)})
    )


def make_unsaved_event(pk: int) -> str:
    """What is to be known of a reply whose words are all there, and in no database yet."""
    return make_partial_event(
        f"#m{pk}-unsaved", "innerHTML", render_to_string("conversations/_unsaved.html")
    )


def make_budget_hint_event(hint: str) -> str:
    """What is left at the composer, now that the reply has taken its share."""
    html = render_to_string("conversations/_budget_hint.html", {"budget_hint": hint})
    return make_partial_event("#budget-hint", "innerHTML", html)


def make_context_event(message: Message) -> str:
    """How full the context is at the composer, by the reply that has just ended; "" if it doesn't
    tell, or another branch is shown.
    """
    conversation = message.conversation
    if conversation.leaf_id != message.pk:
        return ""
    usage = measure_context(
        [message],
        system_prompt=conversation.system_prompt,
        budget=get_context_budget(conversation),
        counts=PromptCounts.for_next(conversation),
    )
    if not usage:
        return ""
    context = {"conversation_id": conversation.pk, "context_usage": usage}
    html = render_to_string("conversations/_context_meter.html", context)
    return make_partial_event("#context-meter", "outerHTML", html)


def make_partial_event(target: str, swap: str, html: str) -> str:
    return make_event(f'<hx-partial hx-target="{target}" hx-swap="{swap}">{html}</hx-partial>')


def identify(events: str, seen: int) -> str:
    """Events after which the page has seen so many characters of the text: it tells when it comes
    back.
    """
    return f"id: {seen}\n{events}"


def make_event(data: str) -> str:
    return "".join(f"data: {line}\n" for line in BREAKS.split(data)) + "\n"
