"""Formulas in Chromium: with the site's styles, its fonts and its policy for content."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, sync_playwright

from conversations.rendering import render
from tests.chromium import ARGUMENTS, CHROMIUM

STATIC = Path("static")
ADDRESS = "http://chat.test/"
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'"
PAGE = """<!doctype html><meta name=viewport content="width=device-width"><title>Chat</title>
<link rel=icon href=data:,><link rel=stylesheet href=/css/tokens.css>
<link rel=stylesheet href=/css/base.css><link rel=stylesheet href=/css/markdown.css>
<link rel=stylesheet href=/css/math.css>
<main class=markdown>{}</main>"""
TYPES = {".css": "text/css", ".woff2": "font/woff2"}

type Measure = Callable[..., Any]


class Chromium:
    """One browser for all tests, in a thread of its own: others of Playwright may be at work."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.thread.submit(self._start).result()

    def _start(self) -> None:
        self.playwright = sync_playwright().start()
        launch = self.playwright.chromium.launch
        self.browser = launch(executable_path=CHROMIUM, args=ARGUMENTS)

    def measure(self, text: str, script: str, width: int = 800) -> Any:
        """Render a text, and evaluate a script on its page."""
        return self.thread.submit(self._measure, text, script, width).result()

    def _measure(self, text: str, script: str, width: int) -> Any:
        page = self.browser.new_page(viewport={"width": width, "height": 700})
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.route("**/*", lambda route: answer(route, text))
        page.goto(ADDRESS)
        page.evaluate("document.fonts.ready.then(() => null)")
        found = page.evaluate(script)
        page.close()
        assert [message for message in refused if "data:" not in message] == []
        return found

    def stop(self) -> None:
        self.thread.submit(self.browser.close).result()
        self.thread.submit(self.playwright.stop).result()
        self.thread.shutdown()


def answer(route: Route, text: str) -> None:
    path = route.request.url.removeprefix(ADDRESS)
    if path:
        file = STATIC / path
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    else:
        headers = {"content-security-policy": POLICY, "content-type": "text/html; charset=utf-8"}
        route.fulfill(body=PAGE.format(render(text, prefix="m1")), headers=headers)


@pytest.fixture(scope="module")
def measure() -> Iterator[Measure]:
    if not CHROMIUM:
        reason = "Chromium is not installed, so the browser tests can't run"
        pytest.fail(reason) if os.environ.get("REQUIRE_ALL") else pytest.skip(reason)
    chromium = Chromium()
    yield chromium.measure
    chromium.stop()


LONG = " + ".join(rf"\frac{{a_{{{number}}}}}{{b}}" for number in range(60))


@pytest.mark.parametrize(
    "text",
    [
        f"A line with ${LONG}$ in it",
        f"$${LONG}$$",
        r"$\hspace{40em}x$ and $$" + r"\hspace{40em}" * 20 + "x$$",
        r"$\text{" + "a long text " * 40 + "}$",
        rf"- > ${LONG}$",
        rf"| a |\n|---|\n| ${LONG}$ |",
        f"$${LONG} \\tag{{1}}$$",
        rf"$\unknown{{{'x' * 900}}}$",
        r"$\rule{40em}{1em}$",
    ],
)
def test_no_formula_makes_a_narrow_page_wider(measure: Measure, text: str) -> None:
    assert measure(text, "document.documentElement.scrollWidth", 320) <= 320


def test_no_formula_is_taller_than_the_window(measure: Measure) -> None:
    rows = r"\\[8em] ".join("a" * 40)
    script = "document.querySelector('math').getBoundingClientRect().height"
    assert measure(f"$${rows}$$", script) <= 700 * 0.8


def test_a_formula_in_a_line_keeps_the_line_as_it_is(measure: Measure) -> None:
    script = "[...document.querySelectorAll('p')].map((p) => p.getBoundingClientRect().height)"
    plain, simple, long = measure(f"a x b\n\na $x_i$ b\n\na ${'x+' * 200}y$ b", script)
    assert simple == pytest.approx(plain, abs=1.5)
    assert long == pytest.approx(3 * plain, abs=3)  # too long to stand behind the word


def test_the_base_line_of_a_formula_is_that_of_its_line(measure: Measure) -> None:
    script = """(() => {
      const range = document.createRange();
      const text = document.querySelector("p").firstChild;
      range.setStart(text, 0);
      range.setEnd(text, 1);
      const letter = document.querySelector("mi").getBoundingClientRect();
      return [range.getBoundingClientRect().bottom, letter.bottom, letter.top];
    })()"""
    bottom, low, high = measure("x and $x$", script)
    assert high < bottom
    assert low <= bottom


def test_a_formula_that_is_too_long_for_a_line_scrolls(measure: Measure) -> None:
    script = "(({scrollWidth, clientWidth}) => scrollWidth > clientWidth)"
    assert measure(f"a ${LONG}$", f"{script}(document.querySelector('math'))", 320)


def test_brackets_grow_with_what_they_hold(measure: Measure) -> None:
    script = "[...document.querySelectorAll('mo')].map((mo) => mo.getBoundingClientRect().height)"
    plain, _, grown, _ = measure(r"$$(x) \left(\frac{\frac{a}{b}}{\frac{c}{d}}\right)$$", script)
    assert grown > 2 * plain


def test_brackets_stand_close_to_what_they_hold(measure: Measure) -> None:
    script = "[...document.querySelectorAll('mo,mn')].map((e) => e.getBoundingClientRect().width)"
    opening, zero, _, _, _ = measure(r"$$\left[0,1\right)$$", script)
    assert opening < 1.1 * zero


def test_large_brackets_in_a_line_have_room_for_their_ink(measure: Measure) -> None:
    script = """(() => {
      const box = document.querySelector("math").getBoundingClientRect();
      const [left, right] = [...document.querySelectorAll("mo")]
        .map((bracket) => bracket.getBoundingClientRect());
      return [left.left - box.left, box.right - right.right];
    })()"""
    before, after = measure(r"a $\begin{pmatrix}a&b\\\\c&d\end{pmatrix}$ b", script)
    assert min(before, after) >= 2


def test_equations_are_aligned_at_their_sign(measure: Measure) -> None:
    tex = r"\begin{align} a + b + c &= d \\ e &= f + g + h \end{align}"
    script = """[...document.querySelectorAll("mo")].filter((mo) => mo.textContent === "=")
      .map((mo) => mo.getBoundingClientRect().left)"""
    first, second = measure(tex, script)
    assert first == pytest.approx(second, abs=1)


def test_columns_of_an_array_are_aligned_as_it_says(measure: Measure) -> None:
    tex = r"$$\begin{array}{lcr} aaaa & bbbb & cccc \\ x & y & z \end{array}$$"
    script = """[...document.querySelectorAll("mtd")].map((cell) => {
      const inside = [...cell.children].map((child) => child.getBoundingClientRect());
      return [inside[0].left, inside.at(-1).right];
    })"""
    (a, b, c, x, y, z) = measure(tex, script)
    assert a[0] == pytest.approx(x[0], abs=1)
    assert sum(b) == pytest.approx(sum(y), abs=3)
    assert c[1] == pytest.approx(z[1], abs=1)


def test_what_is_drawn_by_classes_is_drawn(measure: Measure) -> None:
    array = r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}"
    tex = rf"$${array} \boxed{{e}} \cancel{{f}} \overline{{g}}$$"
    script = """[["mtd", "borderRightStyle"], ["mtr + mtr mtd", "borderTopStyle"],
      [".math-boxed", "borderLeftStyle"], [".math-struck-up", "backgroundImage"],
      [".math-overline", "borderTopStyle"]]
      .map(([selector, name]) => getComputedStyle(document.querySelector(selector))[name])"""
    right, above, box, stroke, over = measure(tex, script)
    assert [right, above, box, over] == ["solid"] * 4
    assert stroke.startswith("linear-gradient")


def test_formulas_run_from_left_to_right_in_every_language(measure: Measure) -> None:
    script = "[...document.querySelectorAll('mi')].map((mi) => mi.getBoundingClientRect().left)"
    for text in ("שלום $a = b$ עולם", "שלום\n\n$$a = b$$"):
        left, right = measure(text, script)
        assert left < right


def test_a_page_loads_the_fonts_that_its_formulas_need(measure: Measure) -> None:
    script = "[...document.fonts].map((font) => font.status)"
    assert measure("no formula", script) == ["unloaded"] * 3
    assert measure("$x$", script) == ["loaded", "unloaded", "unloaded"]
    assert measure(r"$\mathbf{x} \subseteqq \left( y$ \right)", script)[0] == "unloaded"
    assert measure(r"$\mathbf{x} \subseteqq y$", script) == ["loaded"] * 3
