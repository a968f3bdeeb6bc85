"""Text cut into pieces about as long as a real model's tokens: 4 to 5 characters with its space."""

import re

# Every character is a word character, a space or neither, so nothing is lost between the pieces.
_TOKEN = re.compile(r" ?\w{1,8}| ?[^\w\s]{1,16}\n*|\s+")


def split_tokens(text: str) -> list[str]:
    """Cut a text into tokens: `"".join(split_tokens(text)) == text`."""
    return _TOKEN.findall(text)
