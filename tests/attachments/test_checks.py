"""`manage.py check_files`: what is missing, and what belongs to nothing."""

import io

import pytest
from django.core.management import CommandError, call_command

from chatsite.accounts.models import User
from conversations.attachments import storage
from tests.attachments.factories import list_kept, make_text_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_storage")]


def check(*arguments: str) -> str:
    said = io.StringIO()
    call_command("check_files", *arguments, stdout=said)
    return said.getvalue()


def test_a_site_that_is_whole_is_said_to_be(alice: User) -> None:
    make_text_file(alice)
    assert "Every file is there" in check()


def test_a_file_whose_bytes_are_gone_is_named(alice: User) -> None:
    file = make_text_file(alice)
    storage.remove_content(file.content_key)
    with pytest.raises(CommandError, match="1 files are missing"):
        check()


def test_bytes_of_no_file_are_named_and_stay() -> None:
    storage.write_content("ab" * 32, {"original": b"?"})
    assert f"belongs to no file: {'ab' * 32}" in check()
    assert list_kept() == ["ab" * 32]


def test_bytes_of_no_file_are_removed_when_that_is_asked_for(alice: User) -> None:
    file = make_text_file(alice)
    storage.write_content("ab" * 32, {"original": b"?"})
    assert "Removed 1." in check("--remove")
    assert list_kept() == [file.content_key]
