"""Legal holds of somebody who is erased: what stays, and what is left after the release."""

from threading import Thread

import pytest
from django.db import connection, transaction

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from chatsite.accounts.users.services import ensure_administrator_remains
from chatsite.databases.sqlite import secure_vacuum
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Hold, Label, Labelling, Note
from conversations.review.retention import holds
from conversations.search import compaction
from tests.factories import add_message, make_conversation
from tests.review.retention.conftest import REASON
from tests.traces import database_folder, files_with, tables_with

WORDS = ("zuleika", "marchbanks", "hidden.example", "quincunx")


@pytest.fixture
def zuleika(ada: User) -> User:
    """Somebody with one conversation that is held and one that isn't."""
    user = User.objects.create_user(
        "zuleika", "zuleika@hidden.example", "correct horse", name="Zuleika Marchbanks"
    )
    make_conversation(user, "Another quincunx", "Hi", title="Free")
    talk = make_conversation(user, "A quincunx", "The quincunx.", title="Quincunx")
    add_message(talk, role="user", text="Quincunxes, then.")
    worker.process_outbox()
    holds.put_hold(conversation=talk, reason=REASON, by=ada)
    Note.objects.create(conversation=talk, text="What is a quincunx?", author=ada)
    Labelling.objects.create(conversation=talk, label=Label.objects.create(name="shapes"))
    return user


@pytest.mark.django_db(transaction=True)
def test_an_erased_account_leaves_what_is_held(zuleika: User) -> None:
    erase_user(user=zuleika)
    worker.process_outbox()
    assert Conversation.objects.get().title == "Quincunx"
    kept = {
        "conversations_conversation",
        "conversations_message",
        "review_hold",
        "review_note",
    }
    found = tables_with(WORDS)
    assert found >= kept
    # Beside these, only what search makes of the same conversation.
    assert all(name in kept or "document" in name or "grams" in name for name in found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")
def test_releasing_leaves_the_cleaning_to_the_threads(zuleika: User) -> None:
    """On a large site it takes longer than anybody waits for a page."""
    erase_user(user=zuleika)
    assert holds.release_hold(conversation=Conversation.objects.get())
    assert compaction.is_compaction_due()


@pytest.mark.django_db(transaction=True)
def test_released_nothing_is_left_anywhere(zuleika: User) -> None:
    erase_user(user=zuleika)
    worker.process_outbox()
    assert holds.release_hold(conversation=Conversation.objects.get())
    worker.process_outbox()
    clean_up()
    assert tables_with([*WORDS, REASON]) == set()
    assert not Labelling.objects.exists()
    if connection.vendor == "sqlite":
        assert files_with(database_folder(), WORDS) == set()


def clean_up() -> None:
    """What the threads of the site do, one second after another."""
    cleaner = compaction.IndexCompactor()
    while compaction.is_compaction_due():
        cleaner.work()
    secure_vacuum.scrub_if_due()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")
def test_erasing_somebody_waits_for_no_hold_and_no_hold_for_it(
    talk: Conversation, bob: User, ada: User
) -> None:
    """Whoever erases locks the administrators, whom the hold names."""
    with transaction.atomic():
        ensure_administrator_remains(without=bob)
        thread = Thread(target=place_alone, args=(talk, ada))
        thread.start()
        thread.join(10)
        assert Hold.objects.exists()
    thread.join()


def place_alone(conversation: Conversation, by: User) -> None:
    holds.put_hold(conversation=conversation, reason=REASON, by=by)
    connection.close()
