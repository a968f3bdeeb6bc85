"""Asked for a title, the offline model gives one that is made of the message's words."""

import pytest

from conversations.offline_model.titles import compose_title, find_titled_message


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Explain how HTTP caching works, with an example.", "How HTTP caching works"),
        ("Compare PostgreSQL and SQLite for a small application.", "PostgreSQL and SQLite"),
        ("please tell me about heaps", "About heaps"),
        ("你好，请解释一下二叉堆", "解释一下二叉堆"),
        ("Hello", "Conversation"),
        ("", "Conversation"),
    ],
)
def test_a_title_begins_with_the_subject(text: str, title: str) -> None:
    assert compose_title(text) == title


def test_a_conversation_about_titles_is_not_asked_for_one() -> None:
    asked = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Write a title for <message>this</message>."},
    ]
    assert find_titled_message(asked) is None
