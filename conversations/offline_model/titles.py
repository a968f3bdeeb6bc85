"""What the offline model says when it is asked for a conversation's title: a few of its words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from conversations.offline_model.usage import extract_message_text

# A request for a title: the instruction speaks of one, and the conversation stands in tags.
INSTRUCTION = re.compile(r"\btitles?\b", re.IGNORECASE)
MESSAGE = re.compile(r"<message>\s*(.*?)\s*</message>", re.DOTALL)
# What a message begins with before it comes to its subject.
POLITE = re.compile(
    r"(?:(?:please|hello|hi|can you|could you|explain|describe|tell|show|give|write|draft|compare"
    r"|me|us|to me|an?|the)\b[\s,:]*|(?:你好|您好|请问|请)[\s，]*)+",
    re.IGNORECASE,
)
# What no title ends with.
LOOSE_END = re.compile(
    r"(?:\s+(?:an?|the|and|or|of|for|in|on|to|from|with|that|which|it|its))+$", re.IGNORECASE
)
# The names of files, and their endings.
ATTACHED = re.compile(r"\[Attached: ([^\]\n]*)\]\Z")
FILE_ENDING = re.compile(r"\.\w{1,5}(?=,|$)")
CLAUSE_END = re.compile(r"[,.;:!?\n。，！？；：]")
MOST_WORDS = 5


def find_titled_message(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the message of the conversation that is to be titled; None where none is."""
    first, *rest = messages
    if first["role"] != "system" or not INSTRUCTION.search(extract_message_text(first)):
        return None
    found = MESSAGE.search(extract_message_text(rest[-1])) if rest else None
    return found[1] if found else None


def compose_title(text: str) -> str:
    """Return the first words about the subject of a message, or else the names of its files."""
    if attached := ATTACHED.search(text):
        text = text[: attached.start()].strip() or FILE_ENDING.sub("", attached[1])
    subject = POLITE.sub("", text, count=1) if POLITE.match(text) else text
    clause = CLAUSE_END.split(subject, maxsplit=1)[0].split()
    title = LOOSE_END.sub("", " ".join(clause[:MOST_WORDS]))
    return title[:1].upper() + title[1:] or "Conversation"
