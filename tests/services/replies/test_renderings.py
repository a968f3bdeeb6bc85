"""Cached HTML is brought up to date once."""

from pytest_django import DjangoAssertNumQueries

from conversations import rendering
from conversations.models import Conversation
from conversations.presenter import MessageView
from conversations.services.replies import renderings
from tests.factories import add_message, add_pending_reply


def test_what_nobody_rendered_is_saved(conversation: Conversation) -> None:
    reply = add_message(
        conversation, role="assistant", text="I was **about**", html="", html_version=0
    )
    renderings.refresh_html([reply])
    reply.refresh_from_db()
    assert reply.html_version == rendering.VERSION
    assert "<strong>about</strong>" in reply.html


def test_what_an_older_renderer_made_is_made_anew(conversation: Conversation) -> None:
    reply = add_message(conversation, role="assistant", text="*New*", html="old", html_version=0)
    renderings.refresh_html([reply])
    assert "<em>New</em>" in MessageView(reply).html


def test_what_is_up_to_date_costs_nothing(
    conversation: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    messages = list(conversation.messages.all())
    with django_assert_num_queries(0):
        renderings.refresh_html(messages)


def test_a_running_reply_is_left_to_its_writer(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    renderings.refresh_html([reply])
    assert reply.html_version == 0


def test_a_json_reply_is_code_of_which_nothing_is_markup(conversation: Conversation) -> None:
    kept = {"response_format": {"value": {"type": "json_object"}, "from": "site"}}
    text = '{"a": "*x*",\n```\n"b": 1}'
    reply = add_message(
        conversation, role="assistant", text=text, html="", html_version=0, parameters=kept
    )
    unsaved = MessageView(reply).html
    renderings.refresh_html([reply])
    for html in (unsaved, MessageView(reply).html):
        assert html.count("<pre") == 1
        assert "<em>" not in html
