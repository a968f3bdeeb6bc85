"""Always 200, and an end for whoever may not follow a reply, or may no longer."""

import uuid

import pytest
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.models import Conversation
from conversations.services.replies.channel import LiveReply
from tests.accounts.second_factor.factors import require
from tests.views.html import parse_text
from tests.views.streams import events, finish, html, message_of, names, stream_url


def test_who_is_signed_out_is_sent_the_end_only(client: Client, conversation: Conversation) -> None:
    reply = conversation.messages.get(role="assistant")
    sent = "".join(events(client, stream_url(reply)))
    assert names(sent) == ["end"]
    assert "Hello" not in sent


@pytest.mark.parametrize("other", ["bob_client", "rita_client"])
def test_others_are_sent_the_end_only(
    request: pytest.FixtureRequest, conversation: Conversation, other: str
) -> None:
    reply = conversation.messages.get(role="assistant")
    sent = "".join(events(request.getfixturevalue(other), stream_url(reply)))
    assert names(sent) == ["end"]
    assert "Hello" not in sent


@pytest.mark.parametrize("number", [0, 10**18, 10**30])
def test_a_reply_that_is_gone_is_the_end(
    alice_client: Client, conversation: Conversation, number: int
) -> None:
    sent = "".join(events(alice_client, f"/c/{conversation.pk}/messages/{number}/stream/"))
    assert names(sent) == ["end"]


def test_a_conversation_that_is_gone_is_the_end(alice_client: Client) -> None:
    sent = "".join(events(alice_client, f"/c/{uuid.uuid4()}/messages/1/stream/"))
    assert names(sent) == ["end"]


def test_all_unanswerable_streams_end_alike(
    alice_client: Client, bob_client: Client, client: Client, conversation: Conversation
) -> None:
    reply = conversation.messages.get(role="assistant")
    gone = f"/c/{conversation.pk}/messages/{10**18}/stream/"
    answers = {
        "".join(events(client, stream_url(reply))),
        "".join(events(bob_client, stream_url(reply))),
        "".join(events(alice_client, gone)),
    }
    assert len(answers) == 1


def test_who_signs_out_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    alice_client.logout()
    finish(running, text="A secret.")
    rest = "".join(follower)
    assert names(rest) == ["end"]
    assert "A secret." not in rest


def test_whose_account_is_closed_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    finish(running, text="A secret.")
    assert names("".join(follower)) == ["end"]


def test_whose_password_changes_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    alice.set_password("battery staple")
    alice.save()
    finish(running, text="A secret.")
    assert names("".join(follower)) == ["end"]


def test_who_loses_a_role_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    set_role(alice, Role.REVIEWER)
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    set_role(alice, Role.USER)
    finish(running, text="A secret.")
    assert names("".join(follower)) == ["end"]


def test_who_is_given_a_role_meanwhile_goes_on_reading(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    set_role(alice, Role.REVIEWER)
    finish(running, text="Hello")
    assert parse_text(html("".join(follower))).messages() == [("assistant", "complete")]


def test_who_has_to_set_up_a_second_factor_first_is_sent_the_end_only(
    alice_client: Client, running: LiveReply
) -> None:
    running.publish("A secret.")
    require("everybody")
    assert names("".join(events(alice_client, stream_url(message_of(running))))) == ["end"]
