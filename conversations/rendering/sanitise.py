"""The last wall: HTML of ours goes through nh3 with a list of what it may hold.

The renderer writes only what is allowed here, so in a healthy program nothing is taken out.
"""

import re

import nh3

from conversations.rendering import math, tags
from conversations.rendering.languages import CLASSES, LANGUAGES

_TAGS = (
    "a blockquote br button code details div em h3 h4 h5 h6 hr input li ol p pre"
    " span strong summary sup table tbody td th thead tr ul"
)
TAGS = frozenset({*_TAGS.split(), *tags.INLINE, *math.TAGS})
_ALIGN = {"align-center", "align-right"}
_LOCAL = re.compile(r"#[\w-]+-(?:note|cite)-[0-9]+\Z")
_ID = re.compile(r"[\w-]+-(?:note|cite)-[0-9]+\Z")

_CLASSES = {
    "a": {"image", "footnote-back"},
    "button": {"code-copy"},
    "code": {"math-source", *(f"language-{name}" for name in LANGUAGES)},
    "div": {"code", "code-bar", "table", "footnote"},
    "li": {"task"},
    "span": {"code-language", "footnote-number", "math", *CLASSES},
    "sup": {"footnote-mark"},
    "td": _ALIGN,
    "th": _ALIGN,
    **math.CLASSES,
}
_VALUES = {
    "a": {"rel": {"noopener noreferrer nofollow"}, "target": {"_blank"}},
    "button": {"type": {"button"}, "data-copy-code": {""}},
    "details": {"open": {""}},
    "div": {"role": {"region"}, "tabindex": {"0"}},
    "input": {"type": {"checkbox"}, "disabled": {""}, "checked": {""}},
    "pre": {"tabindex": {"0"}},
    "table": {"dir": {"ltr", "rtl", "auto"}},
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "div": {"aria-label"},
    "ol": {"start"},
    "table": {"aria-label"},
    **math.ATTRIBUTES,
}


def _cleaner(*, footnotes: bool) -> nh3.Cleaner:
    attributes = {tag: set(names) for tag, names in _ATTRIBUTES.items()}
    if footnotes:
        attributes |= {"div": {"id", "aria-label"}, "sup": {"id"}}
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=attributes,
        tag_attribute_values=_VALUES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        url_relative=_local if footnotes else "deny",
        attribute_filter=_only_our_ids if footnotes else None,
        generic_attribute_prefixes=set(),
        link_rel=None,
    )


def _local(url: str) -> str | None:
    return url if _LOCAL.match(url) else None


def _only_our_ids(_tag: str, name: str, value: str) -> str | None:
    return None if name == "id" and not _ID.match(value) else value


_plain = _cleaner(footnotes=False)
_with_footnotes = _cleaner(footnotes=True)


def sanitise_html(html: str) -> str:
    """Return the HTML with only what is allowed."""
    # Only ids need a look at their value, and asking Python about each attribute is slow.
    return (_with_footnotes if ' id="' in html else _plain).clean(html)


def sanitise_parts(kind: str, html: str) -> str:
    """Sanitise items of a list or rows of a table, which HTML allows nowhere else, or code."""
    opening, closing = _AROUND[kind]
    return sanitise_html(f"{opening}{html}{closing}").removeprefix(opening).removesuffix(closing)


_AROUND = {
    "List": ("<ul>", "</ul>"),
    "Table": ("<table><tbody>", "</tbody></table>"),
    "CodeBlock": ("<pre><code>", "</code></pre>"),
}
