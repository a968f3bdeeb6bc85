"""What several processes leave each other in a folder."""

import os
import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Metric

from chatsite.server.metrics.snapshots import TOO_OLD, Place


def count_to(number: int) -> list[Metric]:
    registry = CollectorRegistry()
    Counter("sent", "What was sent.", ("kind",), registry=registry).labels("mail").inc(number)
    return list(registry.collect())


def read_counts(place: Place) -> dict[str, float]:
    return {
        number: sample.value
        for number, metrics in place.read_others()
        for metric in metrics
        for sample in metric.samples
        if sample.name == "sent_total"
    }


def test_each_process_reads_what_the_others_have_counted(tmp_path: Path) -> None:
    places = [Place(tmp_path) for _ in range(3)]
    for place in places:
        place.write(count_to(place.number + 10))
    assert [read_counts(place) for place in places] == [
        {"1": 11, "2": 12},
        {"0": 10, "2": 12},
        {"0": 10, "1": 11},
    ]


def test_who_comes_later_takes_the_place_of_who_has_gone(tmp_path: Path) -> None:
    first, second = Place(tmp_path), Place(tmp_path)
    first.leave()
    assert (second.number, Place(tmp_path).number) == (1, 0)


def test_what_a_process_has_left_goes_with_it(tmp_path: Path) -> None:
    stays, leaves = Place(tmp_path), Place(tmp_path)
    leaves.write(count_to(1))
    leaves.leave()
    assert read_counts(stays) == {}


def test_who_has_said_nothing_for_long_is_left_out(tmp_path: Path) -> None:
    asked, hangs = Place(tmp_path), Place(tmp_path)
    hangs.write(count_to(1))
    then = time.time() - TOO_OLD - 1
    os.utime(hangs.path, (then, then))
    assert read_counts(asked) == {}


@pytest.mark.parametrize("written", ["", "[[", "[[1]]"])
def test_what_can_not_be_read_is_left_out(tmp_path: Path, written: str) -> None:
    asked, broken = Place(tmp_path), Place(tmp_path)
    broken.path.write_text(written)
    assert read_counts(asked) == {}


def test_who_serves_alone_knows(tmp_path: Path) -> None:
    alone = Place(tmp_path)
    assert not alone.has_others()
    Place(tmp_path)
    assert alone.has_others()
