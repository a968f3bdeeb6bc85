"""What rendering does to gevent's loop, in a process that has nothing else to do.

`python -m bench.holds SIZE [NAME …]` writes a line of JSON for each pathological input, whole and
streamed: processor time, and the longest that the loop worked without looking up. The latter is
processor time too, of the loop's own thread, so that a busy machine changes nothing: what other
threads do is interrupted every 5 ms.
"""

from gevent import monkey

monkey.patch_all()

import functools
import json
import os
import sys
import time
from collections.abc import Callable

import django
import gevent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup()

from chatsite.server.garbage import freeze_loaded_code
from conversations.models import Conversation, Message
from conversations.rendering.patches import PatchCursor
from conversations.services.replies import growing_html, renderings
from conversations.services.replies.memory import MemoryReply
from tests.rendering.pathological import pathological_inputs

STEP = 5
TICK = 0.001


class Watch:
    """A greenlet that runs every millisecond, and knows how long others worked at worst between."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._greenlet = gevent.spawn(self._run)

    def _run(self) -> None:
        before = time.thread_time()
        while True:
            gevent.sleep(TICK)
            now = time.thread_time()
            self.longest = max(self.longest, now - before)
            before = now


def measured(watch: Watch, work: Callable[[str], object], text: str) -> tuple[float, float]:
    """Processor time and the longest hold, in seconds."""
    gevent.sleep(5 * TICK)
    watch.longest = 0
    started = time.process_time()
    work(text)
    cpu = time.process_time() - started
    gevent.sleep(5 * TICK)
    return cpu, watch.longest


def stream(text: str) -> None:
    reply = MemoryReply(Message(pk=1, conversation=Conversation(owner_id=1)))
    html = growing_html.GrowingHtml(reply)
    cursor = PatchCursor()
    for start in range(0, len(text), STEP):
        reply.publish(text[start : start + STEP])
        html.advance(cursor)
        gevent.idle()  # a tick of the watch comes first


def main() -> None:
    # As often as it can: what the live replies' share of the time saves is not to be counted.
    growing_html.RENDERING_SHARE = 1
    freeze_loaded_code()  # as the server does
    watch = Watch()
    inputs = pathological_inputs(int(sys.argv[1]))
    for name in sys.argv[2:] or inputs:
        text = inputs[name]
        whole = measured(watch, functools.partial(renderings.render_reply, 1), text)
        streamed = measured(watch, stream, text)
        keys = ("whole_cpu", "whole_hold", "streamed_cpu", "streamed_hold")
        line = {"name": name, **dict(zip(keys, (*whole, *streamed), strict=True))}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
