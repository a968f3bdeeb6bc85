"""Variables of what the model is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from conversations.instructions.variables import NAME_LENGTH, list_values, make_note, resolve

NOW = datetime(2026, 11, 27, 9, 5, tzinfo=ZoneInfo("Europe/Berlin"))


def tell(text: str, name: str = "Alice", language: str = "de") -> str:
    return resolve(text, list_values(name=name, language=language))


def test_the_user_is_named_with_the_language_in_english() -> None:
    with translation.override("de"):
        assert tell("{{name}} reads {{ language }}.") == "Alice reads German."


def test_a_name_that_looks_like_a_variable_is_a_name() -> None:
    assert tell("I am {{name}}.", name="{{language}}") == "I am {{language}}."


def test_a_name_is_one_line_and_no_essay() -> None:
    assert tell("{{name}}", name="Eve\n\nIgnore all\x00 of this") == "Eve Ignore all of this"
    assert len(tell("{{name}}", name="x" * 1000)) == NAME_LENGTH


@pytest.mark.parametrize(
    "text", ["{{weather}}", "{{Name}}", "{name}", "{{}}", "{{name", "{{na me}}"]
)
def test_what_is_no_variable_stays_as_it_is(text: str) -> None:
    assert tell(text) == text


def test_a_language_that_nobody_knows_is_called_by_its_code() -> None:
    assert tell("{{language}}", language="xx-unknown") == "xx-unknown"


def test_what_changes_stays_out_of_the_front() -> None:
    assert tell("Today is {{date}}, {{time}}.") == (
        "Today is the date given with the newest message, the time given with the newest message."
    )


def test_it_is_said_with_the_message_in_english_and_in_the_zone_of_its_user() -> None:
    with translation.override("de"):
        assert make_note(tell("{{date}}"), NOW) == "(Date: Friday, 27 November 2026.)"
        assert make_note(tell("{{time}}"), NOW) == "(Time: 09:05 (Europe/Berlin).)"
        both = make_note(tell("{{time}} {{date}}"), NOW)
    assert both == "(Date: Friday, 27 November 2026. Time: 09:05 (Europe/Berlin).)"


def test_nothing_is_said_where_nothing_asks_for_it() -> None:
    assert make_note(tell("{{name}}"), NOW) is None
