"""How long a click on a conversation takes to be painted, with 300 of them in the list, and how
long its page takes where it is loaded whole.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from bench.chromium import chromium, context_of
from bench.report import Row, median, ms, times
from bench.stage import stage

LISTED = 300
ROUNDS = 15

# Painted: the frame after the messages have come has been drawn.
CLICK = """(path) => new Promise((resolve) => {
  const shown = document.getElementById("messages");
  const row = document.querySelector(`.sidebar-item[href="${path}"]`);
  const start = performance.now();
  const observer = new MutationObserver(() => {
    const messages = document.getElementById("messages");
    if (!messages || messages === shown || !messages.querySelector("article")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  });
  observer.observe(document.body, { childList: true, subtree: true });
  row.click();
})"""
PAINTED = """() => new Promise((resolve) => {
  const look = (paints) => {
    const first = paints.getEntriesByName("first-contentful-paint")[0];
    if (first) resolve(first.startTime);
  };
  new PerformanceObserver(look).observe({ type: "paint", buffered: true });
})"""


def rows() -> Iterator[Row]:
    with stage() as place:
        for listed, messages in ((LISTED, 2), (2, 20), (2, 2_000)):
            (person,) = place.people(1, conversations=listed, messages=messages)
            with chromium() as browser, context_of(browser, place, person) as context:
                whole, clicked = measure(context.new_page(), person.conversations[-2:])
            yield Row(
                f"opening a conversation of {messages:,} messages, {listed} listed: click to"
                " painted / whole page",
                f"{ms(clicked)} / {ms(whole)}",
                compared=times(clicked / whole),
                target="≤ 120 ms",
            )


def measure(page: Page, conversations: list[str]) -> tuple[float, float]:
    """Return medians in seconds: of the whole page, of the click in the list."""
    paths = [f"/c/{conversation}/" for conversation in conversations]
    whole, clicks = [], []
    for number in range(ROUNDS):
        page.goto(paths[number % 2])
        page.locator("article").first.wait_for()
        whole.append(page.evaluate(PAINTED) / 1000)
        page.wait_for_load_state("load")
        clicks.append(page.evaluate(CLICK, paths[1 - number % 2]) / 1000)
    # The first fetches what the others have at hand.
    return median(whole[1:]), median(clicks[1:])
