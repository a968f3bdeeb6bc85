"""`manage.py erase_user`: the erasure from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.outbox import worker

# What is erased within a transaction would still be in the database's log.
pytestmark = pytest.mark.django_db(transaction=True)


def erase(*arguments: str) -> str:
    out = io.StringIO()
    call_command("erase_user", *arguments, stdout=out)
    return out.getvalue()


def answer(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line))


def exists(user: User) -> bool:
    return User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("name", ["alice", "ALICE", "alice@example.com", "Alice@Example.com"])
def test_a_user_is_erased_by_name_or_address(alice: User, bob: User, name: str) -> None:
    erase(name, "--yes")
    assert not exists(alice)
    assert exists(bob)


def test_what_went_is_said(conversation: Conversation) -> None:
    said = erase("alice", "--yes")
    assert said == "Erased alice: 1 user, 1 conversation, 2 messages.\n"
    assert not Message.objects.exists()


def test_a_conversation_that_review_knows_is_counted_once(conversation: Conversation) -> None:
    worker.process_outbox()
    assert "1 user, 1 conversation, 2 messages." in erase("alice", "--yes")


def test_it_asks_first(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "alice\n")
    assert "alice (alice@example.com)" in erase("alice")
    assert not exists(alice)


@pytest.mark.parametrize("line", ["", "\n", "yes\n", "bob\n"])
def test_another_answer_erases_nothing(
    alice: User, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    answer(monkeypatch, line)
    with pytest.raises(CommandError, match="Nothing was erased"):
        erase("alice")
    assert exists(alice)


@pytest.mark.parametrize("name", ["nobody", "", "ali"])
def test_who_is_unknown_is_said(alice: User, name: str) -> None:
    with pytest.raises(CommandError, match="There is no user"):
        erase(name, "--yes")


def test_users_without_an_address_are_not_meant_by_none(db: None) -> None:
    User.objects.create_user("carl")
    with pytest.raises(CommandError):
        erase("", "--yes")
    assert User.objects.count() == 1


def test_the_last_administrator_is_refused(ada: User) -> None:
    with pytest.raises(CommandError, match="This is the last administrator"):
        erase("ada", "--yes")
    assert exists(ada)
