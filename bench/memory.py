"""Memory of the server: fresh, and after fifty clients at once."""

from collections.abc import Iterator

from bench import load, processes, replies
from bench.report import Row, mb
from bench.stage import Stage, stage

CLIENTS = 50
TARGET = "≤ 120 MB"


def rows() -> Iterator[Row]:
    with stage() as place:
        yield row("server, idle, just started", place)
        load.warm_up(place)
        replies.through_site(place.address, place.people(CLIENTS))
        yield row(f"server, after {CLIENTS} clients", place)


def row(what: str, place: Stage) -> Row:
    pss, rss = (processes.memory(place.pid, kind) for kind in ("Pss", "Rss"))
    return Row(f"memory of the {what}: PSS (RSS)", f"{mb(pss)} ({mb(rss)})", target=TARGET)
