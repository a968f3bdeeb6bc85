"""What an entry holds beside text: made, said in other words, and kept within a size."""

import io
from typing import Literal

from conversations.model_api import Blob, ChatMessage, ImagePart, TextPart
from conversations.model_api.parts import (
    MediaPart,
    append_text,
    extract_text,
    limit_size,
    list_media,
    make_content,
    measure_piece,
    replace_media,
)

KB = 1024


def picture(name: str = "cat", size: int = 3 * KB) -> MediaPart:
    blob = Blob(size, lambda: io.BytesIO(bytes(size)))
    return ImagePart(blob=blob, media_type="image/png", describe=lambda: f"[{name}]", key=name)


def entry(role: Literal["user", "assistant"], *pieces: str | MediaPart) -> ChatMessage:
    return {"role": role, "content": make_content(pieces)}


def sent_pictures(messages: list[ChatMessage], limit: int) -> str:
    return " ".join(part.key for part in list_media(limit_size(messages, limit)))


def test_text_alone_is_a_string() -> None:
    assert make_content(["One", "two"]) == "One\n\ntwo"


def test_texts_beside_a_picture_are_parts() -> None:
    cat = picture()
    assert make_content(["One", "two", cat, "three"]) == [
        TextPart("One\n\ntwo"),
        cat,
        TextPart("three"),
    ]


def test_text_is_added_to_the_last() -> None:
    assert append_text("One", "two") == "One\n\ntwo"
    assert append_text(make_content([picture(), "One"]), "two")[1] == TextPart("One\n\ntwo")


def test_a_picture_is_said_in_other_words() -> None:
    (message,) = replace_media([entry("user", picture(), "Who is it?")], lambda part: True)
    assert message["content"] == "[cat]\n\nWho is it?"


def test_what_fits_is_sent_as_it_is() -> None:
    messages = [entry("user", picture("a"), picture("b"), "Hello")]
    assert limit_size(messages, 20 * KB) == messages


def test_the_oldest_pictures_give_way_down_to_half_of_the_limit() -> None:
    messages = [entry("user", picture(name), "And this?") for name in "abcdef"]
    assert sent_pictures(messages, 21 * KB) == "d e f"


def test_a_later_picture_changes_nothing_before_until_the_limit_is_met_again() -> None:
    messages = [entry("user", picture(name), "And this?") for name in "abcdef"]
    longer = limit_size([*messages, entry("user", picture("g"))], 25 * KB)
    assert longer[:-1] == limit_size(messages, 25 * KB)


def test_the_newest_pictures_give_way_last() -> None:
    messages = [entry("user", picture("a")), entry("user", picture("b"), picture("c"))]
    assert sent_pictures(messages, 9 * KB) == "b c"
    assert sent_pictures(messages, 6 * KB) == "c"


def test_what_gives_way_is_said_instead() -> None:
    (message,) = limit_size([entry("user", picture("a"), "Hello")], 2 * KB)
    assert extract_text(message["content"]) == "[a]\n\nHello"


def test_a_picture_is_a_third_larger_in_a_request() -> None:
    assert measure_piece(picture(size=3000)) == 4200
