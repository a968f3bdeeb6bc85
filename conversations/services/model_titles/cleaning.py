"""What a model says when it is asked for a title → one short line, or nothing.

It may say anything, so it is taken for what it is: text from outside, which a page then escapes.
"""

import re

from chatsite.core.text import limit_marks
from chatsite.core.visible import to_visible_line
from conversations.services.titles import FENCE, has_words, shorten_title

# So much is looked at; 24 tokens are less.
LONGEST_ANSWER = 1000
# How often one kind of wrapping may hold another.
DEEPEST = 5

# "Title:" in the languages in which models say it.
LABEL = re.compile(
    r"(?:(?:the |conversation |chat )*title|titel|titre|t[íi]tulo|titolo|tytuł|název|cím|başlık"
    r"|название|заголовок|назва|标题|標題|题目|タイトル|題名|제목|العنوان|عنوان|כותרת|शीर्षक)"
    r"\s*[:：]\s*",
    re.IGNORECASE,
)
HTML_TAG = re.compile(
    r"</?(?:title|h[1-6]|b|i|u|em|strong|code|span|p|div|br)\s*/?>", re.IGNORECASE
)
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
STRESSED = re.compile(r"(\*{1,3}|~~|`{1,3})(?=\S)(.+?)(?<=\S)\1")
# Within a line they are part of names (`__init__`, snake_case).
UNDERLINED = re.compile(r"(_{1,3})(?=[^\s_])(.+)(?<=[^\s_])\1")
# Headings, quotes, list items and numbers at the beginning of a line, and what was never closed.
BLOCK_MARKS = re.compile(r"(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,2}[.)]\s+(?=\D)|[*`]+(?=\w))+")
HEADING_END = re.compile(r"\s+#+$")
# Each opening quotation mark, and what closes it in one language or another.
QUOTES = {
    '"': '"',
    "'": "'",
    "“": "”",
    "”": "”",
    "„": "“”",
    "‘": "’",
    "’": "’",
    "‚": "‘’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "〝": "〞",
    "＂": "＂",
    "´": "´",
}
FULL_STOPS = ".。．｡।۔"
ABBREVIATION = re.compile(r"\.\w+\.$|\.\.$")


def clean_title(text: str, *, is_cut: bool = False) -> str:
    """Return the first line with words, without what is around them; "" where there are none.
    `is_cut`: its last word may lack its end.
    """
    lines = (clean_line(line) for line in limit_marks(text[:LONGEST_ANSWER]).splitlines())
    title = next(filter(has_words, lines), "")
    if is_cut and " " in title:
        title = title.rpartition(" ")[0]
    return shorten_title(title)


def clean_line(line: str) -> str:
    if FENCE.fullmatch(line):
        return ""
    title = to_visible_line(HTML_TAG.sub("", line))
    for _ in range(DEEPEST):
        before = title
        title = unwrap_title(title)
        if title == before:
            break
    return title


def unwrap_title(title: str) -> str:
    """Take off one of everything that may be around it."""
    title = LINK.sub(r"\1", title)
    title = STRESSED.sub(r"\2", title)
    title = BLOCK_MARKS.sub("", title, count=1) if BLOCK_MARKS.match(title) else title
    title = HEADING_END.sub("", title)
    if underlined := UNDERLINED.fullmatch(title):
        title = underlined[2]
    title = strip_quotes(LABEL.sub("", title, count=1) if LABEL.match(title) else title)
    return to_visible_line(strip_full_stop(title))


def strip_quotes(title: str) -> str:
    """Take quotation marks off that are around all of it, or whose partner was cut off."""
    if not title or title[0] not in QUOTES:
        return title
    opening, inner = title[0], title[1:]
    closing = QUOTES[opening]
    if inner and inner[-1] in closing and not set(inner[:-1]) & {opening, *closing}:
        return inner[:-1]
    if opening not in "'’" and not set(inner) & {opening, *closing}:
        return inner
    return title


def strip_full_stop(title: str) -> str:
    if title and title[-1] in FULL_STOPS and not ABBREVIATION.search(title):
        return title[:-1]
    return title
