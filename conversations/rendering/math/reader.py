"""The tokens of a formula in TeX, read one by one."""

import re

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|%[^\n]*\n[ \t]*|[ \t\n]+|.", re.DOTALL)
_SPACE = re.compile(r"(?:[ \t\n]+|%[^\n]*\n)+")
# A formula that holds one of these is not drawn: what can't be seen, what stands upon the sign
# before it, and what is ours (the private use area: `inserts`).
_UNUSABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0300-\u036f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufeff\ue000-\uf8ff\U000e0000-\U0010ffff]|\\^\\^"
)


class UnsupportedTexError(Exception):
    """TeX that can't be drawn as TeX would draw it, or that TeX itself would refuse."""


class TexReader:
    """Reads a formula from left to right. At the end the next token is ""."""

    def __init__(self, source: str) -> None:
        if match := _UNUSABLE.search(source):
            raise UnsupportedTexError(match[0])
        self._source = source
        self._position = 0

    def peek(self) -> str:
        """Return the next token: a command, a character, or white space."""
        match = _TOKEN.match(self._source, self._position)
        return match[0] if match else ""

    def take(self) -> str:
        """Return the next token and step over it."""
        token = self.peek()
        self._position += len(token)
        return token

    def take_visible(self) -> str:
        """Return the next token that is no white space, and step over it."""
        self.skip_space()
        return self.take()

    def peek_visible(self) -> str:
        """Step over white space and return the next token."""
        self.skip_space()
        return self.peek()

    def skip_space(self) -> None:
        """Step over white space and over comments that end."""
        self.match(_SPACE)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Step over what matches `pattern` here."""
        match = pattern.match(self._source, self._position)
        if match:
            self._position = match.end()
        return match

    def expect(self, token: str) -> None:
        """Step over a token that must come next."""
        found = self.take_visible()
        if found != token:
            raise UnsupportedTexError(f"{found!r} instead of {token!r}")

    def take_raw_argument(self) -> str:
        """Return what stands between braces that hold no other braces."""
        self.expect("{")
        match = self.match(_FLAT)
        if match is None:
            raise UnsupportedTexError("an argument that is no word")
        return match[0][:-1].strip()


_FLAT = re.compile(r"[^{}\\%$&#^\n]*\}")
