"""The page for whom there is no room right now: made of nothing, as it has to cost nothing.

A thousand of them may be asked for in a second, when a template would take milliseconds for each.
"""

import html

# Seconds after which trying again may help.
RETRY_AFTER = 5

PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><h1>{title}</h1><p>{sentence}</p>{number}</html>
"""


def render_busy_page(title: str, sentence: str, language: str = "en", number: str = "") -> str:
    """`number` is a sentence as well, for where the request has one to tell."""
    parts = {"title": title, "sentence": sentence, "language": language}
    escaped = {name: html.escape(text) for name, text in parts.items()}
    return PAGE.format(**escaped, number=f"<p>{html.escape(number)}</p>" if number else "")
