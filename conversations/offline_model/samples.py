"""Markdown to look at: one text for each thing that a reply can contain, and a tour of them all."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    keywords: re.Pattern[str]  # searched in the lower-case message
    markdown: str


CODE = '''\
Here is some code. It finds the words that a text uses most:

```python
from collections import Counter


def most_used(text: str, limit: int = 3) -> list[tuple[str, int]]:
    """Return the most frequent words with their counts."""
    words = text.lower().split()
    return Counter(words).most_common(limit)


print(most_used("the tide and the moon and the sea"))
```

`Counter` does the counting, and `most_common` sorts by it. To run it, save it and type:

```bash
python words.py
```

Try the copy button: it should leave the indentation as it is.'''

TABLE = """\
Here is a table, with its columns aligned left, centred and right:

| Planet  | Kind      | Moons | Day in hours |
|:--------|:---------:|------:|-------------:|
| Earth   | rocky     |     1 |         23.9 |
| Mars    | rocky     |     2 |         24.6 |
| Jupiter | gas giant |    95 |          9.9 |
| Neptune | ice giant |    16 |         16.1 |

On a narrow screen the table scrolls by itself and the page doesn’t. Cells can hold *emphasis*,
`code` and [links](https://en.wikipedia.org/wiki/Planet) as well."""

LIST = """\
Here are lists. First what to pack, with details one level down:

- Clothes for rain
  - a jacket that has been tested
  - a second pair of shoes
- A map on paper
- Something to read

Then the order of things:

1. Look at the weather.
2. Tell somebody where you are going.
3. Leave **before** it gets warm.

And a task list, half done:

- [x] Choose a route
- [x] Book the hut
- [ ] Ask the neighbours about the cat
- [ ] Charge the lamp

A list is the part of a reply that grows for longest, so watch how this one arrives."""

MATH = r"""Here is some math. Inline, the roots of $ax^2 + bx + c = 0$ depend on the sign of
\(b^2 - 4ac\). Displayed, they are

$$
x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

and the area under a bell curve, which has no such simple formula, is still exact:

\[
\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}
\]

Prices stay prices: between $5 and $10 there is no formula."""

QUOTE = """\
Here is a quotation, with a word about it after it:

> The purpose of computing is insight, not numbers.
>
> — Richard Hamming, *Numerical Methods for Scientists and Engineers*

And one inside another, as in a forwarded letter:

> Did you read the last chapter?
>
> > I did, twice. The ending was not where I had left it.

---

More about the first author [at Wikipedia](https://en.wikipedia.org/wiki/Richard_Hamming). Links
open in a new tab, and only those that lead to the web or to an address are links at all."""

TOUR = """\
Here is what replies can contain. Ask for **code**, a **table**, a **list**, **math** or a **quote**
to see more of each.

```python
def greet(name: str) -> str:
    return f"Hello, {name}!"
```

| Part  | Shown as         |
|-------|------------------|
| code  | highlighted text |
| table | this one         |

- [x] a task that is done
- [ ] one that is not

> A quotation stands apart.

Inline math such as $e^{i\\pi} + 1 = 0$ sits in the line, and [links](https://htmx.org) lead out.

To talk to the real model, set `AIMLAPI_API_KEY` and start again."""

SAMPLES = (
    Sample(re.compile(r"\b(code|python|program|function|script)"), CODE),
    Sample(re.compile(r"\btable"), TABLE),
    Sample(re.compile(r"\b(lists?|tasks?|todo|to-do|steps?)\b"), LIST),
    Sample(re.compile(r"\b(math|maths|formula|equation|latex)"), MATH),
    Sample(re.compile(r"\b(quote|quotation|links?)\b"), QUOTE),
)
