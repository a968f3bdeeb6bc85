"""The same answers on both databases, whatever the language."""

import pytest

from chatsite.accounts.models import User
from conversations.outbox import worker
from conversations.search import matching
from tests.factories import make_conversation
from tests.search.searching import say, texts_with

FOUND = [
    # Latin: case doesn't matter, accents do, and parts of words are found.
    ("Hello World", "hello"),
    ("Hello World", "WORLD"),
    ("Hello World", "lo wor"),
    ("Hello World", "ello orld"),
    ("A café in Orléans", "CAFÉ"),
    ("A café in Orléans", "orléans"),
    ("Straße", "strasse"),
    ("STRASSE", "straße"),
    ("Die Größe", "größe"),
    ("İstanbul", "istanbul"),
    ("istanbul", "İSTANBUL"),
    ("ISPARTA", "ısparta"),
    # Other alphabets.
    ("Ὀδυσσεύς", "ΟΔΥΣΣΕΎΣ".replace("Ο", "Ὀ")),
    ("ὁ λόγος", "ΛΌΓΟΣ"),
    ("Привет, мир", "МИР"),
    ("Привет, мир", "вет"),
    ("مرحبا بالعالم", "العالم"),
    ("สวัสดีชาวโลก", "ชาว"),
    ("नमस्ते दुनिया", "दुनिया"),
    # No spaces between words, and words of one or two characters.
    ("我们明天去北京", "北京"),
    ("我们明天去北京", "明天去北"),
    ("我们明天去北京", "去"),
    ("東京タワーへ行く", "タワー"),
    ("東京タワーへ行く", "行く"),
    ("안녕하세요 세계", "세계"),
    ("안녕하세요 세계", "하세요"),
    ("𠮷野家で", "𠮷野"),
    # Emoji and punctuation.
    ("Well done 🎉", "🎉"),
    ("A family 👨‍👩‍👧 here", "👨‍👩‍👧"),
    ("def f() -> int", "->"),
    ("a != b", "!="),
    ("It is 5 o'clock", "5"),
    ("It is 5 o'clock", "o'clock"),
    ("C++ and C#", "c#"),
    ("Take off at Gate B", "b"),
    # What means something to a database.
    ("It was 100% right", "100%"),
    ("It was 100% right", "%"),
    ("a snake_case name", "snake_case"),
    ("a snake_case name", "_"),
    (r"C:\Windows\system", r"windows\sys"),
    (r"C:\Windows\system", "\\"),
    ('She said "yes" to it', '"yes"'),
    ("it's 5\" wide", '5"'),
    ("this AND that", "AND that"),
    ("NEAR(a b)", "NEAR(a"),
    ("star * star", "star *"),
    ("one -two", "-two"),
    ("folded: x", "folded:"),
    ("^caret", "^caret"),
    # Phrases.
    ("over the hills and far away", '"the hills" far'),
    ("one  two", '"one  two"'),
    ('say "', '"'),
    # Both kinds of index at once.
    ("the answer is 42", "answer 42"),
    ("答案是 forty-two", "forty 答"),
]


@pytest.mark.parametrize(("text", "query"), FOUND)
def test_what_is_said_is_found(alice: User, text: str, query: str) -> None:
    say(alice, text, "Something else.")
    assert texts_with(query) == [text]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("snake case", "snake_case"),
        ("1000", "100%"),
        ("Hello World", "hello there"),
        ("the far hills", '"the hills"'),
        ("one two", '"one  two"'),
        ("A cafe", "café"),
        ("A café", "cafe"),
        ("北一京", "北京"),
        ("ab", "ba"),
        ("abc", "abcd"),
        ("this that", "this AND that"),
        ("starry", "star*"),
        ("cd ab", '"d a" bc'),
        ("привыкни ответ", "привет"),
    ],
)
def test_what_is_not_said_is_not_found(alice: User, text: str, query: str) -> None:
    say(alice, text)
    assert texts_with(query) == []


@pytest.mark.parametrize("text", ["e\u0301tude", "étude"])
@pytest.mark.parametrize("query", ["e\u0301tude", "ÉTUDE"])
def test_how_an_accent_is_written_does_not_matter(alice: User, text: str, query: str) -> None:
    say(alice, text)
    assert texts_with(query) == [text]


def test_the_newest_is_first(alice: User) -> None:
    say(alice, "first word", "second word", "third word")
    for query in ("word", "or", "o"):
        assert texts_with(query) == ["third word", "second word", "first word"]


@pytest.mark.parametrize("query", ["x " * 250, "abc" * 170, " ".join(map(str, range(130)))])
def test_a_very_long_query_is_answered(alice: User, query: str) -> None:
    say(alice, query.strip(), "Something else.")
    assert texts_with(query) == [query.strip()]


def test_a_reply_is_found_once_it_is_finished(alice: User) -> None:
    conversation = make_conversation(alice, "Hello")
    reply = conversation.messages.create(role="assistant", status="streaming", text="An answer")
    worker.process_outbox()
    assert texts_with("answer") == []
    conversation.messages.filter(pk=reply.pk).update(status="stopped", text="An answer, say")
    worker.process_outbox()
    assert texts_with("answer") == ["An answer, say"]


def test_a_rare_word_beside_a_frequent_one_is_found(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "FEW", 2)
    say(alice, "frequent 1", "frequent 2", "frequent 3", "frequent rare 9", "rarely 9")
    assert texts_with("frequent 9") == texts_with("frequent rare") == ["frequent rare 9"]


def test_titles_are_found_in_the_same_way(alice: User) -> None:
    wanted = say(alice, "Hello", title="Reise nach 北京: Straße")
    say(alice, "Hello", title="Something else")
    for query in ("reise", "STRASSE", "北京", "京", "reise 北京", ":", '"nach 北"'):
        assert [found.conversation_id for found in matching.match_titles(query)] == [wanted.pk]
    for query in ("hello", " ", "", '""'):
        assert not matching.match_titles(query)


def test_a_title_is_found_as_it_is_now(alice: User) -> None:
    conversation = say(alice, "Hello", title="Before")
    conversation.title = "Afterwards"
    conversation.save()
    worker.process_outbox()
    assert not matching.match_titles("before")
    assert matching.match_titles("after").get().conversation_id == conversation.pk
