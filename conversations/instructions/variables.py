"""Variables of what the model is told: `{{name}}` and the like. Pure.

What stays the same for a whole conversation stands in the system prompt. The date and the time
don't: in the front of what is sent they would undo the provider's cache with every message. There
a phrase refers to the note that goes along with each message of the user, who keeps it as it was.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils import translation
from django.utils.dateformat import format as format_moment
from django.utils.translation import gettext_lazy as _

from chatsite.core.visible import to_visible_line

NAME_LENGTH = 100

VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")

# In English, as all that the site itself says to the model.
DATE_PHRASE = "the date given with the newest message"
TIME_PHRASE = "the time given with the newest message"

# By name, what each stands for, as it is said to those who write instructions.
DESCRIPTIONS = {
    "name": _("the user’s name, or else their username"),
    "language": _("the language that the user reads this site in, in English"),
    "date": _("the day on which a message is sent, told with the message"),
    "time": _("the time of day, in the user’s time zone, told with the message"),
}


def resolve(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its variables replaced: once, so that a value which looks like one is no
    more than text. Those that aren't known stay as they are.
    """
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def has_name(text: str) -> bool:
    return any(found[1] == "name" for found in VARIABLE.finditer(text))


def list_values(*, name: str, language: str) -> dict[str, str]:
    """Return what stands in a system prompt for each; users have chosen their names themselves."""
    return {
        "name": to_visible_line(name)[:NAME_LENGTH].strip(),
        "language": name_language(language),
        "date": DATE_PHRASE,
        "time": TIME_PHRASE,
    }


def name_language(code: str) -> str:
    """Return what a language is called in English."""
    try:
        return str(translation.get_language_info(code)["name"])
    except KeyError:
        return code


def make_note(system_prompt: str, now: datetime) -> str | None:
    """Return what the model is told with a message that is sent now, in the zone of its user; None
    where the system prompt doesn't refer to it.
    """
    facts = []
    with translation.override("en"):
        if DATE_PHRASE in system_prompt:
            facts.append(f"Date: {format_moment(now, 'l, j F Y')}.")
        if TIME_PHRASE in system_prompt:
            facts.append(f"Time: {format_moment(now, 'H:i')} ({now.tzinfo}).")
    return f"({' '.join(facts)})" if facts else None
