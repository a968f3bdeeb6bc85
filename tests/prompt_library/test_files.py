"""Prompts as a file: written, and read with nothing taken on trust."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsite.accounts.models import User
from conversations.prompt_library import files
from conversations.prompt_library.files import InvalidFileError, read_file
from conversations.prompt_library.services import PromptContent
from tests.prompt_library.factories import make_prompt


def encode(value: object) -> bytes:
    return json.dumps(value).encode()


def test_what_was_written_is_read_again(alice: User) -> None:
    prompts = [
        make_prompt(alice, "a", description="An “A”", text='{{x | text:default="y"}}\n\nÜ'),
        make_prompt(alice, "b"),
    ]
    text = "".join(files.write_file(prompts))
    assert json.loads(text)["format"] == "prompts"
    assert read_file(text.encode()) == [
        PromptContent(prompt.name, prompt.description, prompt.text) for prompt in prompts
    ]


def test_a_file_of_open_webui_is_read() -> None:
    entry = {
        "command": "/Code-Review",
        "user_id": "1",
        "title": "Reviews code",
        "content": "Review {{CLIPBOARD}}\r\nnow",
        "timestamp": 1,
        "access_control": {"read": {"group_ids": []}},
    }
    content = PromptContent("code-review", "Reviews code", "Review {{CLIPBOARD}}\nnow")
    assert read_file(b"\xef\xbb\xbf" + encode([entry])) == [content]
    assert read_file(encode(entry)) == [content]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("text", "This is no prompt"),
        ({"name": "a"}, "It has no text."),
        ({"name": "a", "text": " \u200b"}, "It has no text."),
        ({"name": "a", "text": 3}, "“text” is no text."),
        ({"name": ["a"], "text": "b"}, "“name” is no text."),
        ({"name": "?", "text": "b"}, "It has no name with letters or digits."),
        ({"name": "a", "text": "b" * 32_001}, "Its text is longer than 32,000 characters."),
        ({"name": "a", "text": "b", "description": "c" * 201}, "Its description is longer"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_of_the_file_taken(entry: object, reason: str) -> None:
    with pytest.raises(InvalidFileError) as caught:
        read_file(encode([{"name": "right", "text": "Right."}, entry]))
    assert caught.value.sentence == "Nothing was imported. Mend the file and try again."
    (said,) = caught.value.reasons
    assert said.startswith(f"Entry 2: {reason}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# Markdown",
        b"\xff\xfe",
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b"[" * 21 + b"]" * 21,
        b"[" + b"9" * 10_000 + b"]",
    ],
)
def test_what_is_no_json_or_too_deep_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidFileError, match="This file isn’t JSON"):
        read_file(content)


@pytest.mark.parametrize("value", [[], {"prompts": []}, None, 3])
def test_a_file_without_prompts_says_so(value: object) -> None:
    with pytest.raises(InvalidFileError, match="There are no prompts"):
        read_file(encode(value))


def test_a_file_has_an_end() -> None:
    with pytest.raises(InvalidFileError, match="larger than 1 MB"):
        read_file(b" " * (files.MOST_BYTES + 1))
    with pytest.raises(InvalidFileError, match="more than 1,000"):
        read_file(encode([{}] * 1_001))


def test_what_no_database_takes_is_left_out() -> None:
    entry = {"name": "a", "text": "b\0\ud800", "description": "\0c"}
    assert read_file(encode([entry])) == [PromptContent("a", "c", "b?")]


def test_brackets_in_texts_are_no_depth() -> None:
    text = '[{"' * 50 + "\\"
    assert read_file(encode([{"name": "a", "text": text}]))[0].text == text


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_makes_it_fall(value: object) -> None:
    with suppress(InvalidFileError):
        read_file(encode(value))
