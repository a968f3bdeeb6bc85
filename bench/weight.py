"""What a page weighs: bytes on the wire, scripts, requests; nothing cached, and again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from bench.chromium import chromium, context_of
from bench.report import Row, kb
from bench.stage import stage

MESSAGES = 50
TARGET = "≤ 100 KB / ≤ 40 KB / ≤ 25"


@dataclass
class Weight:
    """Bytes by type of resource, as they came over the wire, heads included."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def __str__(self) -> str:
        return f"{kb(self.bytes.total())} / {kb(self.bytes['Script'])} / {self.requests}"


def rows() -> Iterator[Row]:
    with stage() as place, chromium() as browser:
        (person,) = place.people(1, messages=MESSAGES)
        pages = {
            "new chat": "/",
            f"conversation of {MESSAGES} messages": f"/c/{person.conversations[0]}/",
        }
        for name, path in pages.items():
            with context_of(browser, place, person) as context:
                page = context.new_page()
                cold, warm = weigh(page, path), weigh(page, path)
            what = "transferred / JavaScript / requests"
            yield Row(f"{name}, cold: {what}", str(cold), target=TARGET)
            yield Row(f"{name}, warm: {what}", str(warm))


def weigh(page: Page, path: str) -> Weight:
    weight = Weight()
    types: dict[str, str] = {}
    session = page.context.new_cdp_session(page)

    def received(event: dict[str, Any]) -> None:
        if not event["response"]["fromDiskCache"]:
            types[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        # What the memory's cache served has no length.
        if event["requestId"] in types and event["encodedDataLength"]:
            weight.bytes[types[event["requestId"]]] += int(event["encodedDataLength"])
            weight.requests += 1

    session.on("Network.responseReceived", received)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    session.detach()
    return weight
