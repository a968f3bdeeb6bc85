"""Replies of an exact length: always the same text, for benchmarks and for counting.

Three shapes, as a renderer finds each hard in its own way: paragraphs of prose, one fenced code
block, one flat list. Their parts are numbered, so that a lost or doubled piece shows.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain, count, islice

from conversations.offline_model.faults import Shape
from conversations.offline_model.tokens import split_tokens

SENTENCES = (
    "A reply belongs to the server, not to the tab that happens to watch it.",
    "The harbour was quiet that morning, and the *first ferry* left with nobody on board.",
    "Most of what looks like cleverness in a program is a decision that was made late.",
    "She measured twice, wrote both numbers down, and only then reached for the saw.",
    "Bread needs four things: flour, water, salt and an afternoon without appointments.",
    "Nothing in the log explained the gap, so they read the code that writes the log.",
    "Rain had softened the path, but the **old bridge** above the mill still held.",
    "When two clocks disagree, ask first which of them anybody has ever set.",
    "The archive keeps letters by year, and within a year by the weather they mention.",
    "A queue that is never empty is not a queue any more; it is a backlog with a view.",
    "He tuned the piano by ear, then checked with `A4 = 440 Hz` and changed nothing.",
    "Small boats turn quickly, which helps only those who know where they are going.",
    "The report was short because its author had thrown the long version away.",
    "From the hill one sees the whole valley, and above all how little of it is flat.",
    "An index answers one question fast and makes every write pay for it.",
    "They planted apple trees in rows and, between the rows, whatever the birds brought.",
    "Good names are found on the third attempt, after two that merely described the type.",
)
CODE = (
    "def step_{n}(state: State, event: Event) -> State:",
    '    """Apply event {n} and return what follows from it."""',
    "    if event.kind not in HANDLERS or state.closed:",
    "        return state",
    "    total = sum(item.price * item.count for item in event.items)",
    "    label = f'{{event.kind}}: {{total:.2f}} of {n}'",
    "    return replace(state, total=state.total + total, label=label)",
    "",
    "",
)


@lru_cache(maxsize=8)
def write_exact_reply(shape: Shape, length: int) -> tuple[str, ...]:
    """Return a reply of exactly that many tokens."""
    return tuple(islice(WRITERS[shape](length), length))


def _prose(_: int) -> Iterator[str]:
    return _split(map(_paragraph, count(1)))


def _fence(length: int) -> Iterator[str]:
    opening, closing = "```python\n", "\n```"
    lines = (line.format(n=n) + "\n" for n in count(1) for line in CODE)
    return chain([opening], islice(_split(lines), max(0, length - 2)), [closing])


def _list(_: int) -> Iterator[str]:
    return _split(f"- Item {n}: {_sentence(n * 5)}\n" for n in count(1))


def _paragraph(number: int) -> str:
    """Return three to six sentences, 40 to 90 words."""
    sentences = (_sentence(number * 7 + offset) for offset in range(3 + number % 4))
    return f"Part {number}. {' '.join(sentences)}\n\n"


def _sentence(number: int) -> str:
    return SENTENCES[number % len(SENTENCES)]


def _split(texts: Iterator[str]) -> Iterator[str]:
    return chain.from_iterable(map(split_tokens, texts))


WRITERS: dict[Shape, Callable[[int], Iterator[str]]] = {
    "prose": _prose,
    "fence": _fence,
    "list": _list,
}
