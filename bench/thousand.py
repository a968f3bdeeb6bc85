"""A thousand clients at once on two processes: is anything lost, doubled or refused?

Each client reads its reply to the end; then the database is asked what there is of each.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from bench import load, replies
from bench.client import Connection
from bench.report import Row, median, p95, s, times
from bench.several import shared_site
from bench.stage import Person, Stage

CLIENTS = 1_000
TIMEOUT = 240  # seconds for all of them
BETWEEN_CONNECTIONS = 0.002  # seconds: a listener's queue is finite

SAVED = """
import json
from collections import Counter
from conversations.models import Message
sent = Message.objects.filter(text="Hello", role="user")
replies = Message.objects.filter(parent__in=sent)
print(json.dumps({
    "messages": list(Counter(sent.values_list("conversation_id", flat=True)).values()),
    "replies": list(Counter(replies.values_list("parent_id", flat=True)).values()),
    "statuses": Counter(replies.values_list("status", flat=True)),
    "running": Message.objects.filter(status__in=Message.RUNNING).count(),
}))
"""


def rows() -> Iterator[Row]:
    with shared_site(MAX_CONNECTIONS="1500", MAX_STREAMS="1500") as place:
        if place is None:
            return
        load.warm_up(place)
        people = place.people(CLIENTS)
        alone = replies.alone(place.upstream, 200)
        results = asyncio.run(all_at_once(place, people))
        saved = json.loads(place.site.manage("shell", "--no-imports", "-c", SAVED))
    timings = [each for each in results if isinstance(each, replies.Timing)]
    errors = Counter(type(each).__name__ for each in results if isinstance(each, BaseException))
    # One more was sent to warm up.
    lost = CLIENTS + 1 - saved["statuses"].get("complete", 0)
    doubled = sum(count - 1 for count in (*saved["messages"], *saved["replies"]))
    name = f"{CLIENTS:,} clients at once, 2 processes, PostgreSQL, Redis"
    yield Row(
        f"{name}: errors / lost / doubled / left running",
        f"{len(results) - len(timings)} / {lost} / {doubled} / {saved['running']}",
        target="0",
    )
    if errors:
        yield Row(f"{name}: errors", ", ".join(f"{key} {count}" for key, count in errors.items()))
    done = median(each.done for each in timings)
    yield Row(
        f"{name}: first word, median / 95 %",
        f"{s(median(each.first for each in timings))} / {s(p95([x.first for x in timings]))}",
    )
    yield Row(
        f"{name}: done, median",
        s(done),
        f"{s(median(each.done for each in alone))} (200 at once)",
        times(done / median(each.done for each in alone)),
    )


async def all_at_once(
    place: Stage, people: Sequence[Person]
) -> list[replies.Timing | BaseException]:
    lines = []
    for _ in people:
        lines.append(await Connection.open(place.address))
        await asyncio.sleep(BETWEEN_CONNECTIONS)
    asks = (replies.ask_site(*each) for each in zip(lines, people, strict=True))
    async with asyncio.timeout(TIMEOUT):
        results = await asyncio.gather(*asks, return_exceptions=True)
    for line in lines:
        await line.close()
    return results
