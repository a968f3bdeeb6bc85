"""Many clients at once over HTTP: time to the first word and to the end, processor time a reply."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench import replies
from bench.processes import cpu_seconds
from bench.replies import Timing
from bench.report import Row, median, ms, p95, s, times
from bench.stage import Stage, stage

ROUNDS = 3
TARGETS = {50: "≤ 200 ms", 200: "≤ 900 ms"}


@dataclass(frozen=True)
class Load:
    """All rounds together. `cpu`: seconds of the server for one reply."""

    alone: list[Timing]
    site: list[Timing]
    cpu: float


def rows(clients: Sequence[int] = (50,)) -> Iterator[Row]:
    with stage() as place:
        warm_up(place)
        for count in clients:
            name = f"{count} at once"
            yield from described(name, measure(place, count), TARGETS.get(count, ""))


def warm_up(place: Stage) -> None:
    """The first request of all imports code and opens connections."""
    replies.through_site(place.address, place.people(1))


def measure(place: Stage, clients: int, rounds: int = ROUNDS) -> Load:
    people = place.people(clients)
    alone: list[Timing] = []
    site: list[Timing] = []
    cpu = 0.0
    for _ in range(rounds):
        alone += replies.alone(place.upstream, clients)
        before = cpu_seconds(place.pid)
        site += replies.through_site(place.address, people)
        cpu += cpu_seconds(place.pid) - before
    return Load(alone, site, cpu / len(site))


def described(name: str, load: Load, target: str = "") -> Iterator[Row]:
    firsts, dones = [each.first for each in load.site], [each.done for each in load.site]
    alone_first = median(each.first for each in load.alone)
    alone_done = median(each.done for each in load.alone)
    yield Row(
        f"{name}: first word, median / 95 %",
        f"{ms(median(firsts))} / {ms(p95(firsts))}",
        ms(alone_first),
        f"+ {ms(median(firsts) - alone_first)}",
        target,
    )
    yield Row(
        f"{name}: done, median / 95 %",
        f"{s(median(dones))} / {s(p95(dones))}",
        s(alone_done),
        times(median(dones) / alone_done),
    )
    yield Row(f"{name}: processor time of the server a reply", ms(load.cpu))
