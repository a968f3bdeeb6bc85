"""Settings from the environment."""

import stat
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from chatsite import env

Env = pytest.MonkeyPatch


def test_a_value_is_read_without_the_space_around_it(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_NAME", " value\n")
    assert env.string("SOME_NAME") == "value"


def test_a_name_that_is_not_set_has_its_default(monkeypatch: Env) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    assert env.string("SOME_NAME", "default") == "default"


def test_an_empty_value_is_not_set(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_NAME", "")
    assert env.string("SOME_NAME", "default") == "default"


def test_a_value_can_be_in_a_file(monkeypatch: Env, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("SOME_NAME_FILE", str(tmp_path / "secret"))
    assert env.string("SOME_NAME") == "from the file"


def test_a_value_goes_before_its_file(monkeypatch: Env, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file")
    monkeypatch.setenv("SOME_NAME_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("SOME_NAME", "value")
    assert env.string("SOME_NAME") == "value"


def test_a_file_that_is_not_there_is_named(monkeypatch: Env, tmp_path: Path) -> None:
    monkeypatch.setenv("SOME_NAME_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match=r"SOME_NAME_FILE points to .*nowhere"):
        env.string("SOME_NAME")


def test_numbers_are_read(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_NAME", "12")
    assert env.integer("SOME_NAME", 1) == 12
    assert env.number("SOME_NAME", 1) == 12.0
    assert env.decimal("SOME_NAME", Decimal(1)) == Decimal(12)
    assert env.port("SOME_NAME", 1) == 12


def test_numbers_have_defaults(monkeypatch: Env) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    assert env.integer("SOME_NAME", 1) == 1
    assert env.number("SOME_NAME", 0.5) == 0.5
    assert env.decimal("SOME_NAME", Decimal("0.4")) == Decimal("0.4")


@pytest.mark.parametrize("value", ["many", "1.5", "1,000", "0x10"])
def test_what_is_no_whole_number_is_named(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOME_NAME", value)
    with pytest.raises(ImproperlyConfigured, match=f"SOME_NAME must be a whole number.*{value}"):
        env.integer("SOME_NAME", 1)


def test_what_is_no_number_is_named(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_NAME", "1,5")
    with pytest.raises(ImproperlyConfigured, match="SOME_NAME must be a number"):
        env.number("SOME_NAME", 1)
    with pytest.raises(ImproperlyConfigured, match="SOME_NAME must be a number"):
        env.decimal("SOME_NAME", Decimal(1))


@pytest.mark.parametrize(
    ("value", "meaning"),
    [("1", True), ("True", True), ("YES", True), ("on", True), ("0", False), ("no", False)],
)
def test_yes_and_no_are_read(monkeypatch: Env, value: str, meaning: bool) -> None:
    monkeypatch.setenv("SOME_NAME", value)
    assert env.boolean("SOME_NAME", default=not meaning) is meaning


@pytest.mark.parametrize("default", [True, False])
def test_neither_is_the_default(monkeypatch: Env, default: bool) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    assert env.boolean("SOME_NAME", default=default) is default


def test_what_is_neither_yes_nor_no_is_named(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_NAME", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="SOME_NAME must be true or false"):
        env.boolean("SOME_NAME")


@pytest.mark.parametrize(
    ("value", "words"), [("", []), ("a", ["a"]), (" a, b ,,c,", ["a", "b", "c"])]
)
def test_a_list_leaves_empty_items_out(monkeypatch: Env, value: str, words: list[str]) -> None:
    monkeypatch.setenv("SOME_NAME", value)
    assert env.words("SOME_NAME") == words


@pytest.mark.parametrize("value", ["0", "-1", "65536"])
def test_what_is_no_port_is_named(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOME_NAME", value)
    with pytest.raises(ImproperlyConfigured, match=r"at least 1|between 1 and 65535"):
        env.port("SOME_NAME", 8000)


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("", ""),
        ("https://chat.example.com", "https://chat.example.com"),
        ("https://chat.example.com/", "https://chat.example.com"),
        ("http://localhost:9000", "http://localhost:9000"),
    ],
)
def test_a_public_url_is_an_origin(monkeypatch: Env, value: str, origin: str) -> None:
    monkeypatch.setenv("SOME_NAME", value)
    assert env.public_url("SOME_NAME") == origin


@pytest.mark.parametrize(
    "value", ["chat.example.com", "ftp://example.com", "https://example.com/chat", "https://"]
)
def test_what_is_no_origin_is_named(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOME_NAME", value)
    with pytest.raises(ImproperlyConfigured, match=r"must look like https://chat\.example\.com"):
        env.public_url("SOME_NAME")


# The secret that is kept


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "secret"
    assert env.kept_secret(path) == env.kept_secret(path)


def test_two_secrets_differ(tmp_path: Path) -> None:
    assert env.kept_secret(tmp_path / "one") != env.kept_secret(tmp_path / "two")


def test_a_secret_is_long_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    assert len(env.kept_secret(path)) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_was_emptied_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="too short for a secret"):
        env.kept_secret(tmp_path / "secret")


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    with pytest.raises(
        ImproperlyConfigured, match=r"secret can't be read or made: Is a directory\."
    ):
        env.kept_secret(tmp_path / "secret")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        env.kept_secret(tmp_path / "file" / "folder" / "secret")


def test_a_choice_is_one_of_its_values_and_the_first_by_default(monkeypatch: Env) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    assert env.choice("SOME_NAME", ("one", "two")) == "one"
    monkeypatch.setenv("SOME_NAME", "Two")
    assert env.choice("SOME_NAME", ("one", "two")) == "two"


def test_another_value_than_those_to_choose_from_is_refused(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_NAME", "three")
    with pytest.raises(ImproperlyConfigured, match="SOME_NAME must be one or two, not 'three'"):
        env.choice("SOME_NAME", ("one", "two"))


def test_a_token_that_could_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "short")
    with pytest.raises(ImproperlyConfigured, match="THING must have at least 16 characters"):
        env.token("THING")


@pytest.mark.parametrize(
    ("value", "chosen"),
    [("", ["image", "pdf"]), ("none", []), (" PDF,", ["pdf"]), ("pdf, image", ["pdf", "image"])],
)
def test_several_of_its_values_can_be_chosen(
    monkeypatch: Env, value: str, chosen: list[str]
) -> None:
    monkeypatch.setenv("KINDS", value)
    assert env.words_of("KINDS", ("image", "pdf")) == chosen


def test_what_is_none_of_its_values_is_named(monkeypatch: Env) -> None:
    monkeypatch.setenv("KINDS", "pdf, film")
    with pytest.raises(ImproperlyConfigured, match="it has film"):
        env.words_of("KINDS", ("image", "pdf"))


@pytest.mark.parametrize("value", ["tcp://localhost:3310", "unix:///run/clamav/clamd.ctl", ""])
def test_the_address_of_a_socket_is_read(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOCKET", value)
    assert env.socket_url("SOCKET") == value


@pytest.mark.parametrize(
    "value", ["localhost:3310", "tcp://:3310", "unix://", "tcp://[", "http://a"]
)
def test_what_is_no_address_of_a_socket_is_named(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOCKET", value)
    with pytest.raises(ImproperlyConfigured, match="SOCKET must be like"):
        env.socket_url("SOCKET")


def test_an_address_that_may_be_unset_is_shown_by_an_example(monkeypatch: Env) -> None:
    monkeypatch.delenv("S3_ENDPOINT_URL", raising=False)
    example = "https://s3.example.com"
    assert env.http_url("S3_ENDPOINT_URL", "", example=example) == ""
    monkeypatch.setenv("S3_ENDPOINT_URL", f"{example}/storage/")
    assert env.http_url("S3_ENDPOINT_URL", "", example=example) == f"{example}/storage"
    monkeypatch.setenv("S3_ENDPOINT_URL", "s3.example.com")
    with pytest.raises(ImproperlyConfigured, match="must look like https://s3"):
        env.http_url("S3_ENDPOINT_URL", "", example=example)
