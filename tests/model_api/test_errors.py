"""Each error knows its code, whether to try again, after how long, and its sentence."""

import pickle

import pytest

from conversations.model_api import (
    ConnectionFailedError,
    ModelError,
    ThrottledError,
    choose_sentence,
    errors,
)

ALL_CODES = [
    *("bad_request", "too_long", "bad_key", "out_of_credits", "not_found", "throttled"),
    *("upstream", "timed_out", "cut_off", "malformed", "refused", "unreadable_file"),
    *("interrupted", "internal", "database"),
]
CLASSES = ModelError.__subclasses__()


def test_it_works() -> None:
    template, values = choose_sentence("throttled", 17.2)

    assert template % values == (
        "The model is busy. Your message is saved; try again in about 18 seconds."
    )


def test_every_class_has_its_own_code_and_sentence() -> None:
    codes = [kind.code for kind in CLASSES]

    assert sorted([*codes, "database", "interrupted", "internal"]) == sorted(ALL_CODES)
    assert sorted(errors.SENTENCES) == sorted(ALL_CODES)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = [line.split()[1:3] for line in (errors.__doc__ or "").splitlines() if "── " in line]

    assert drawn == [[kind.__name__, kind.code] for kind in CLASSES]


@pytest.mark.parametrize("code", ALL_CODES)
@pytest.mark.parametrize("retry_after", [None, 0.0, 7.0, 4000.0])
def test_every_sentence_says_what_is_safe_and_ends_well(
    code: str, retry_after: float | None
) -> None:
    template, values = choose_sentence(code, retry_after)
    sentence = template % values

    assert "saved" in sentence or "kept" in sentence
    assert sentence.endswith(".")
    assert not {"!", "%", "'"} & set(sentence)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "5 seconds"),
        (1, "5 seconds"),
        (89.5, "90 seconds"),
        (91, "2 minutes"),
        (3600, "60 min"),
        (30_600, "9 hours"),
    ],
)
def test_times_read_naturally(seconds: float, words: str) -> None:
    assert f"about {words}" in ThrottledError(retry_after=seconds).sentence


def test_a_code_of_another_version_still_has_a_sentence() -> None:
    assert choose_sentence("from_the_future") == (errors.SENTENCES["internal"], {})


def test_what_an_administrator_must_mend_is_not_retryable() -> None:
    waiting_helps = {kind.code for kind in CLASSES if kind.retryable}

    assert waiting_helps == {
        *("throttled", "upstream", "timed_out", "cut_off", "malformed", "refused")
    }


def test_an_error_reads_well_in_a_log() -> None:
    error = ThrottledError("slow down", status=429, retry_after=3)

    assert str(error) == "throttled (HTTP 429): slow down"
    assert repr(error) == "<ThrottledError throttled (HTTP 429): slow down>"


@pytest.mark.parametrize(
    "error", [ThrottledError("slow", status=429), ConnectionFailedError("no", momentary=True)]
)
def test_errors_can_be_pickled(error: ModelError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert vars(copy) == vars(error)
