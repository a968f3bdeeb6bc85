"""What one sees in a browser: when the first word shows, when five tabs at once are done.

Times are taken in the page, from the form's submit to what the page shows.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from bench import replies
from bench.chromium import chromium, context_of
from bench.report import Row, median, ms, s, times
from bench.stage import Person, stage

SENDS = 5
TABS = 5
ROUNDS = 3
ALONE = 3  # times that the upstream alone is asked
# The first word of a short reply comes as soon as that of a long one.
SHORT = "/fault tokens=50"
LONG = "Hello"
LEAD = 0.5  # seconds to tell all tabs when to send

# Painted: the frame after the change has been drawn.
WATCH = """() => {
  const known = new Set([...document.querySelectorAll("article")].map((each) => each.id));
  const seen = (window.bench = {});
  const now = () => performance.now() - seen.start;
  const submitted = () => (seen.start = performance.now());
  document.addEventListener("submit", submitted, { once: true, capture: true });
  seen.done = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("The reply did not end.")), 60_000);
    const look = () => {
      const replies = document.querySelectorAll('article[data-role="assistant"]');
      const reply = [...replies].find((each) => !known.has(each.id));
      if (!reply) return;
      if (!seen.first && reply.querySelector(".message-body").textContent.trim()) {
        seen.first = now();
        requestAnimationFrame(() => setTimeout(() => (seen.painted = now())));
      }
      if (reply.dataset.status !== "complete") return;
      observer.disconnect();
      const start = performance.timeOrigin + seen.start;
      // A tab in the background paints nothing.
      const painted = seen.painted ?? now();
      resolve({ first: seen.first, painted, done: now(), start });
    };
    const observer = new MutationObserver(look);
    const everything = { childList: true, subtree: true, attributes: true, characterData: true };
    observer.observe(document, everything);
  });
}"""
SEND_AT = """(moment) => {
  const send = () => document.getElementById("composer").requestSubmit();
  setTimeout(send, moment - performance.timeOrigin - performance.now());
}"""
RESULT = "() => window.bench.done"


@dataclass(frozen=True)
class Seen:
    """Seconds since the message was sent, but for `start`, which is a time of day."""

    first: float
    painted: float
    done: float
    start: float


def rows() -> Iterator[Row]:
    with stage() as place:
        (person,) = place.people(1, conversations=TABS)
        one = [replies.alone(place.upstream, 1)[0] for _ in range(ALONE)]
        five = [replies.alone(place.upstream, TABS) for _ in range(ROUNDS)]
        with chromium() as browser, context_of(browser, place, person) as context:
            page = context.new_page()
            path = f"/c/{person.conversations[0]}/"
            send(page, path)  # code and connections are there from now on
            existing = [send(page, path) for _ in range(SENDS)]
            new = [send(page, "/") for _ in range(SENDS)]
            page.close()
            together = [send_in_tabs(context, person) for _ in range(ROUNDS)]
    first = median(each.first for each in one)
    yield described("in a conversation", existing, first)
    yield described("of a new chat", new, first)
    alone = median(max(each.done for each in wave) for wave in five)
    ours = median(together)
    yield Row(
        f"{TABS} tabs of one browser at once, all done",
        s(ours),
        s(alone),
        times(ours / alone),
        "≤ 1.2×",
    )


def described(where: str, seen: list[Seen], alone: float) -> Row:
    painted, first = median(each.painted for each in seen), median(each.first for each in seen)
    return Row(
        f"browser, 1 tab: first word {where}, in the page / painted",
        f"{ms(first)} / {ms(painted)}",
        ms(alone),
        f"+ {ms(first - alone)} / + {ms(painted - alone)}",
        "≤ + 30 ms",
    )


def send(page: Page, path: str) -> Seen:
    page.goto(path)
    ready(page, SHORT)
    page.get_by_role("button", name="Send message").click()
    return seen(page)


def send_in_tabs(context: BrowserContext, person: Person) -> float:
    """Seconds from the moment when all send until the last tab shows its whole reply."""
    pages = [context.new_page() for _ in person.conversations]
    for page, conversation in zip(pages, person.conversations, strict=True):
        page.goto(f"/c/{conversation}/")
        ready(page, LONG)
    moment = time.time() + LEAD
    for page in pages:
        page.evaluate(SEND_AT, moment * 1000)
    ends = [result.start + result.done for result in map(seen, pages)]
    for page in pages:
        page.close()
    return max(ends) - moment


def ready(page: Page, text: str) -> None:
    page.evaluate(WATCH)
    page.get_by_role("textbox", name="Message").fill(text)


def seen(page: Page) -> Seen:
    result = page.evaluate(RESULT)
    return Seen(*(result[name] / 1000 for name in ("first", "painted", "done", "start")))
