"""Closes what the last paragraph of a growing text leaves open: emphasis, code, a link.

So that no `**` flickers up before its other half arrives. It need not be exact: what is shown here
is rendered anew a moment later.
"""

import re
import unicodedata
from dataclasses import dataclass

from conversations.rendering.links import UNFINISHED

_TOKEN = re.compile(r"\\.?|`+|\*+|_+|~+|!?\[|\]", re.DOTALL)
_DESTINATION = re.compile(r"\((?:[^()\\\n]|\\.|\([^()\n]*\))*\)|\[[^\]\n]*\]")
_LONGEST_LABEL = 200
_MOST_OPEN = 200  # beyond that it is no text that a person would read


@dataclass
class _Opener:
    mark: str
    count: int
    start: int
    end: int


def close_open_markup(text: str) -> str:
    """Return the inline Markdown as if all that it opens were closed at its end."""
    return _MarkupCloser(text).close()


class _MarkupCloser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[_Opener] = []

    def close(self) -> str:
        position = 0
        original = self.text
        while token := _TOKEN.search(self.text, position):
            position = self._read_mark(token)
            if len(self.open) > _MOST_OPEN:
                return original
        brackets = [opener for opener in self.open if opener.mark.endswith("[")]
        if brackets:
            self._close_bracket(brackets[-1])
        self._close_emphasis(0)
        return self.text

    def _read_mark(self, token: re.Match[str]) -> int:
        """Take note of a mark, and return the position to go on from."""
        mark, at_end = token[0], token.end() == len(self.text)
        if mark[0] == "`":
            return self._close_code(token)
        if mark[0] in "*_~":
            if at_end:
                self.text = self.text[: token.start()]
            else:
                self._match_emphasis(token)
        elif mark[-1] == "[":
            self.open.append(_Opener(mark, 1, token.start(), token.end()))
        elif mark == "]":
            return self._match_bracket(token.start())
        elif mark == "\\":
            self.text = self.text[:-1]
        return token.end()

    def _close_code(self, token: re.Match[str]) -> int:
        run = token[0]
        end = re.compile(rf"(?<!`){run}(?!`)").search(self.text, token.end())
        if end:
            return end.end()
        if token.end() == len(self.text):
            self.text = self.text[: token.start()]
        else:
            self.text = self.text.rstrip("`") + run
        return len(self.text)

    def _match_emphasis(self, token: re.Match[str]) -> None:
        mark, count = token[0][0], len(token[0])
        opens, closes = _flanks(self.text, token.start(), token.end(), mark)
        for index in range(len(self.open) - 1, -1, -1):
            opener = self.open[index]
            if not closes or not count or opener.mark.endswith("["):
                break
            if opener.mark == mark:
                used = min(count, opener.count)
                count -= used
                opener.count -= used
                del self.open[index + (opener.count > 0) :]
        if opens and count:
            self.open.append(_Opener(mark, count, token.start(), token.end()))

    def _match_bracket(self, position: int) -> int:
        """End a link's text; what follows may be its address, whole or in part."""
        index = next((i for i, it in reversed([*enumerate(self.open)]) if it.mark[-1] == "["), None)
        if index is None:
            return position + 1
        rest = self.text[position + 1 :]
        destination = _DESTINATION.match(rest)
        opener = self.open[index]
        if not destination and (rest[:1] == "(" or (not rest and self._is_link(opener, position))):
            del self.open[index + 1 :]
            self.text = self.text[:position]
            return position
        del self.open[index:]
        return position + 1 + (destination.end() if destination else 0)

    def _is_link(self, opener: _Opener, end: int) -> bool:
        before = self.text[opener.start - 1 : opener.start]
        label = self.text[opener.end : end]
        return not before.isalnum() and len(label) <= _LONGEST_LABEL and "\n" not in label

    def _close_bracket(self, opener: _Opener) -> None:
        index = self.open.index(opener)
        label = self.text[opener.end :]
        if self._is_link(opener, len(self.text)):
            self._close_emphasis(index + 1)
            label = self.text[opener.end :]
            kept = (
                ""
                if not label.strip() or label[0] == "^"
                else f"{opener.mark}{label}]({UNFINISHED})"
            )
            self.text = self.text[: opener.start] + kept
        del self.open[index:]

    def _close_emphasis(self, first: int) -> None:
        for opener in reversed(self.open[first:]):
            self.text = self.text.rstrip()
            if opener.mark in "*_~" and opener.end >= len(self.text):
                self.text = self.text[: opener.start]
            elif opener.mark in "*_~":
                self.text += opener.mark * opener.count
        del self.open[first:]


def _flanks(text: str, start: int, end: int, mark: str) -> tuple[bool, bool]:
    """Tell whether a run of marks can open and can close emphasis, by CommonMark's rules."""
    before, after = text[start - 1 : start] or " ", text[end : end + 1]
    left = not after.isspace() and (not _is_sign(after) or before.isspace() or _is_sign(before))
    right = not before.isspace() and (not _is_sign(before) or after.isspace() or _is_sign(after))
    if mark == "_":
        return left and (not right or _is_sign(before)), right and (not left or _is_sign(after))
    return left, right


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
