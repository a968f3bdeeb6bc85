"""When mail leaves: once what it tells of is committed, in a thread of its own."""

from django.core.mail import EmailMessage
from django.db import transaction

from chatsite.accounts.mail import send_after_commit
from tests.accounts.mails import Mails

MESSAGE = EmailMessage("Hello", "", to=["alice@example.com"])


def test_it_leaves_with_the_commit(mails: Mails) -> None:
    with transaction.atomic():
        send_after_commit(MESSAGE)
        assert mails.all() == []
    assert mails.one().subject == "Hello"


def test_what_is_undone_is_not_told_of(mails: Mails) -> None:
    with transaction.atomic():
        send_after_commit(MESSAGE)
        transaction.set_rollback(True)
    assert mails.all() == []
