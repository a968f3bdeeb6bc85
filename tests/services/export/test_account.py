"""The ZIP of everything of one user: what is in it, and what is not of a conversation."""

import json
from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from chatsite.accounts.models import Limit, UsageDay, User
from conversations.models import Conversation
from conversations.prompt_library.files import read_file
from tests.factories import owner_of
from tests.prompt_library.factories import make_prompt
from tests.services.export.archives import downloaded, read_json


def test_what_is_in_it(conversation: Conversation) -> None:
    stem = f"conversations/2025-03-01 Greetings {conversation.pk.hex[:8]}"
    assert downloaded(owner_of(conversation)).namelist() == [
        "README.txt",
        "account.json",
        f"{stem}.json",
        f"{stem}.md",
    ]


def test_somebody_without_conversations_gets_their_account(alice: User) -> None:
    assert downloaded(alice).namelist() == ["README.txt", "account.json"]


def test_nothing_of_others_is_in_it(conversation: Conversation, bob: User) -> None:
    archive = downloaded(bob)
    assert len(archive.namelist()) == 2
    assert b"alice" not in archive.read("account.json")


def test_the_read_me_says_whose_and_when(alice: User) -> None:
    text = downloaded(alice).read("README.txt").decode()
    assert text.startswith("Everything that this chat keeps of alice\nMade on ")
    assert "(UTC)" in text


@pytest.fixture
def account(alice: User) -> Any:
    EmailAddress.objects.create(user=alice, email="alice@example.com", verified=True)
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "s3cret"})
    UserSession.objects.create(user=alice, ip="192.0.2.7", user_agent="Lynx", session_key="s3cret")
    Limit.objects.create(user=alice, usd_per_month=5)
    UsageDay.objects.create(user=alice, day=date(2025, 3, 1), messages=3, cost_usd="0.00000001")
    return read_json(downloaded(alice), "account.json")


def test_the_account_is_complete(account: Any) -> None:
    assert account["profile"]["username"] == "alice"
    assert account["profile"]["role"] == "user"
    assert account["email_addresses"][0]["address"] == "alice@example.com"
    assert account["second_factors"][0]["kind"] == "totp"
    assert account["sessions"][0]["ip_address"] == "192.0.2.7"
    assert account["limits"][0]["usd_per_month"] == "5.00"
    assert account["usage_by_day"][0]["cost_usd"] == "0.00000001"
    assert account["preferences"]["theme"] == "system"


def test_no_secret_is_in_it(account: Any, alice: User) -> None:
    text = json.dumps(account)
    assert "s3cret" not in text
    assert alice.password not in text


def test_prompts_are_in_it_as_a_file_that_can_be_imported(alice: User, bob: User) -> None:
    assert "prompts.json" not in downloaded(alice).namelist()
    prompt = make_prompt(alice)
    make_prompt(bob, "other", is_for_all=True)
    (content,) = read_file(downloaded(alice).read("prompts.json"))
    assert (content.name, content.text) == (prompt.name, prompt.text)
