"""Erasing a user: nothing that is theirs or names them is left, and nothing else is touched."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import Invitation, Limit, RecentMessage, UsageDay, User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import LastAdministratorError
from chatsite.databases.sqlite import secure_vacuum
from conversations.models import Conversation, Message, OwnInstructions
from tests.conftest import signed_in, with_role
from tests.databases.reading import reading
from tests.factories import make_conversation
from tests.review.rows import accessed, counted, kept_by, reviewed, told_of
from tests.services.writing import at_once
from tests.traces import database_folder, files_with, tables_with

WORDS = ("zuleika", "marchbanks", "hidden.example", "quincunx")
DAY = date(2025, 3, 1)

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")


def use(user: User | None, day: date = DAY, *, messages: int = 1, cost: str = "0.25") -> UsageDay:
    return UsageDay.objects.create(
        user=user,
        day=day,
        messages=messages,
        prompt_tokens=10 * messages,
        completion_tokens=20 * messages,
        cost_usd=Decimal(cost),
    )


def log(by: User, about: User | Limit | Invitation) -> LogEntry:
    return LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        object_repr=str(about),
        action_flag=CHANGE,
        change_message="[]",
    )


@pytest.fixture
def zuleika(ada: User) -> User:
    """Somebody who has left a trace wherever a user can."""
    invitation = Invitation.objects.create(
        email="z@hidden.example", created_by=ada, expires_at=timezone.now()
    )
    user = User.objects.create_user(
        "zuleika",
        "zuleika@hidden.example",
        "correct horse",
        name="Zuleika Marchbanks",
        invitation=invitation,
    )
    assert sign_in() == "/"
    # A session that allauth doesn't list, and one that waits for the second factor.
    signed_in(user)
    add_rows(user)
    add_reviews(user, ada)
    assert sign_in() == "/accounts/2fa/authenticate/"
    log(ada, user)
    log(ada, Limit.objects.get(user=user))
    log(ada, invitation)
    log(user, ada)
    return user


def add_rows(user: User) -> None:
    talk = make_conversation(user, "A quincunx", "The quincunx.", title="Quincunx")
    Conversation.objects.filter(pk=talk.pk).update(
        system_prompt="Speak of quincunxes.", parameters={"note": "quincunx"}
    )
    OwnInstructions.objects.create(user=user, about_me="I draw quincunxes.")
    EmailAddress.objects.create(user=user, email="other@hidden.example")
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Zuleika’s key"})
    SocialAccount.objects.create(
        user=user, provider="sso", uid="zuleika", extra_data={"name": "Marchbanks"}
    )
    Limit.objects.create(user=user, messages_per_minute=1)
    RecentMessage.objects.create(user=user, sent_at=timezone.now())
    use(user)
    Invitation.objects.create(
        email="Zuleika@Hidden.example", uses_allowed=5, expires_at=timezone.now()
    )


def add_reviews(user: User, reviewer: User) -> None:
    """Of their conversation, and by them of another's."""
    talk = Conversation.objects.get(owner=user)
    told_of(talk, comment="No quincunx")
    reviewed(talk, reviewer, said="Zuleika’s quincunx")
    accessed(talk, reviewer, terms="quincunx")
    counted(user)
    other = make_conversation(reviewer, "Hello", "Hi")
    reviewed(other, user, said="Escalated.")
    accessed(other, user, terms="quincunx")
    kept_by(user, query="text=quincunx", name="Zuleika’s")


def sign_in() -> str:
    """Where the form leads."""
    form = {"login": "zuleika", "password": "correct horse"}
    return Client().post("/accounts/login/", form, headers={"User-Agent": "Zuleika"})["Location"]


TRACED = {
    "account_emailaddress",
    "accounts_invitation",
    "accounts_user",
    "conversations_conversation",
    "conversations_feedback",
    "conversations_message",
    "conversations_owninstructions",
    "django_admin_log",
    "django_session",
    "mfa_authenticator",
    "review_export",
    "review_judgement",
    "review_note",
    "review_savedfilter",
    "socialaccount_socialaccount",
    "usersessions_usersession",
}


def test_no_table_says_anything_of_them(zuleika: User) -> None:
    assert tables_with(WORDS) == TRACED
    erase_user(user=zuleika)
    assert tables_with(WORDS) == set()


def test_their_rows_are_gone(zuleika: User) -> None:
    erase_user(user=zuleika)
    assert not User.objects.filter(pk=zuleika.pk).exists()
    assert not Message.objects.exclude(conversation__owner__username="ada").exists()
    assert not RecentMessage.objects.exists()
    assert not Limit.objects.exists()


def test_what_went_is_told(zuleika: User) -> None:
    gone = erase_user(user=zuleika)
    assert gone["accounts.User"] == 1
    assert gone["conversations.Message"] == 2


def test_who_is_erased_twice_is_gone(alice: User) -> None:
    assert erase_user(user=alice)
    assert erase_user(user=alice) == {}


def test_what_is_not_theirs_stays(zuleika: User, conversation: Conversation, bob: User) -> None:
    client = signed_in(bob)
    use(bob, messages=7)
    erase_user(user=zuleika)
    assert conversation.messages.count() == 2
    assert UsageDay.objects.get(user=bob).messages == 7
    assert client.get("/").status_code == 200


def test_their_sessions_end(zuleika: User) -> None:
    client = signed_in(zuleika)
    erase_user(user=zuleika)
    assert client.get("/").status_code == 302
    assert not Session.objects.exists()


def test_an_administrators_session_stays_also_if_it_names_them(zuleika: User, ada: User) -> None:
    client = signed_in(ada)
    session = client.session
    session["seen"] = "zuleika@hidden.example"
    session.save()
    erase_user(user=zuleika)
    assert client.get("/").status_code == 200


def test_an_invitation_for_their_address_opens_for_nobody_else(zuleika: User) -> None:
    erase_user(user=zuleika)
    assert Invitation.objects.filter(email="", revoked_at=None).count() == 0


def test_what_they_used_is_kept_without_a_name(alice: User) -> None:
    use(alice, messages=3, cost="0.12345678")
    erase_user(user=alice)
    kept = UsageDay.objects.get()
    assert (kept.user, kept.day, kept.messages) == (None, DAY, 3)
    assert (kept.prompt_tokens, kept.completion_tokens) == (30, 60)
    assert kept.cost_usd == Decimal("0.12345678")


def test_it_is_added_to_what_others_left(alice: User, bob: User) -> None:
    for user in (alice, bob):
        use(user, messages=2, cost="0.1")
        use(user, date(2025, 3, 2))
        erase_user(user=user)
    first, second = UsageDay.objects.filter(user=None).order_by("day")
    assert (first.messages, first.cost_usd) == (4, Decimal("0.2"))
    assert (first.prompt_tokens, first.completion_tokens) == (40, 80)
    assert second.messages == 2


@pytest.mark.django_db(transaction=True)
def test_those_who_are_erased_at_once_add_up() -> None:
    users = [User.objects.create_user(f"user{number}") for number in range(4)]
    for user in users:
        use(user, messages=5)
    results = at_once(*[partial(erase_user, user=user) for user in users])
    assert all(isinstance(result, dict) for result in results)
    kept = UsageDay.objects.get()
    assert (kept.user, kept.messages) == (None, 20)


def test_the_last_administrator_is_refused(ada: User) -> None:
    with pytest.raises(LastAdministratorError):
        erase_user(user=ada)
    assert User.objects.filter(pk=ada.pk).exists()


def test_one_of_two_administrators_is_not(ada: User) -> None:
    with_role("other", Role.ADMINISTRATOR)
    assert erase_user(user=ada)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_erased_at_once_one_is_refused(ada: User) -> None:
    other = with_role("other", Role.ADMINISTRATOR)
    results = at_once(partial(erase_user, user=ada), partial(erase_user, user=other))
    assert sum(isinstance(result, LastAdministratorError) for result in results) == 1
    assert User.objects.count() == 1


def test_a_refusal_leaves_everything(ada: User) -> None:
    client = signed_in(ada)
    make_conversation(ada, "Hello")
    use(ada)
    with pytest.raises(LastAdministratorError):
        erase_user(user=ada)
    assert client.get("/").status_code == 200
    assert Message.objects.count() == 1
    assert UsageDay.objects.get().user == ada


# The files of SQLite


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_database_says_anything_of_them(zuleika: User) -> None:
    make_conversation(zuleika, *["quincunx " * 500] * 100)
    assert files_with(database_folder(), WORDS)
    erase_user(user=zuleika)
    assert files_with(database_folder(), WORDS) == set()


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_reader_holds_up_the_files_but_not_the_erasure(zuleika: User) -> None:
    with reading():
        erase_user(user=zuleika)
        assert not User.objects.filter(pk=zuleika.pk).exists()
    secure_vacuum.scrub_if_due()
    assert files_with(database_folder(), WORDS) == set()
