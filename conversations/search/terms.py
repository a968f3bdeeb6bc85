"""What somebody typed to search for, as the terms that must all occur."""

import re

from conversations.search.normalizing import normalize_text

# A quotation mark begins a phrase only where a word could begin, and only if another one ends it.
TERM = re.compile(r'(?<!\S)"([^"]*)"(?!\S)|(\S+)')


def parse_terms(text: str) -> list[str]:
    """Return words, and “phrases in quotation marks” as they are; normalized, the longest first."""
    found = {
        normalize_text(phrase or word)
        for phrase, word in TERM.findall(text.replace("\x00", " "))
        if phrase.strip() or word
    }
    longest_first = sorted(found, key=lambda term: (-len(term), term))
    # What is part of another term occurs where that does.
    return [
        term
        for place, term in enumerate(longest_first)
        if not any(term in longer for longer in longest_first[:place])
    ]
