"""What a prompt is called: what is typed after the slash, in small letters, digits and hyphens."""

import re
from itertools import count

from django.utils.text import slugify

from conversations.prompt_library.models import NAME_LENGTH

# What makes a name that is taken another one.
NUMBER = re.compile(r"-\d+$")


def make_name(typed: str) -> str:
    """Return it as a name: "Code review" is `code-review`; empty where nothing of it can be one."""
    words = slugify(typed[: 4 * NAME_LENGTH].replace("_", "-"), allow_unicode=True)
    return words[:NAME_LENGTH].strip("-")


def make_free_name(name: str, taken: set[str]) -> str:
    """Return the name, with the first number that makes it one that isn't taken."""
    if name not in taken:
        return name
    for number in count(2):
        ending = f"-{number}"
        free = name[: NAME_LENGTH - len(ending)].rstrip("-") + ending
        if free not in taken:
            break
    return free
