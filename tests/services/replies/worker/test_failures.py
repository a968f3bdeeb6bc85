"""Replies that don't end well: the code of the error, and the text that is kept."""

import logging

import pytest
from pytest_django import Settings

from conversations import rendering
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.status_messages import find_status_message
from tests.services.writing import start_reply, wait_for_more, wait_until_saved, write_reply

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_model_that_sends_no_words_times_out(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.MODEL_SILENCE_TIMEOUT = 0.2
    model.script(Fault(text="One two three.", stall=2, stall_filler="comments", stall_every=0.01))
    reply = write_reply(conversation)
    assert (reply.error_code, reply.text) == ("timed_out", "One two")


def test_a_reply_that_ends_for_an_unknown_reason_keeps_it(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One.", finish_reason="cosmic_ray"))
    reply = write_reply(conversation)
    assert (reply.status, reply.text, reply.finish_reason) == ("complete", "One.", "cosmic_ray")
    assert find_status_message(reply)


def test_a_reply_that_ends_with_an_error_fails_and_keeps_its_text(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One.", finish_reason="error"))
    reply = write_reply(conversation)
    assert (reply.status, reply.error_code, reply.text) == ("failed", "upstream", "One.")


def test_a_reply_with_more_than_words_says_so(
    conversation: Conversation, model: OfflineModel
) -> None:
    event = b'data: {"choices": [{"delta": {"content": "Hi.", "audio": {"id": "a"}}}]}\n\n'
    model.script(Fault(raw=event + b"data: [DONE]\n\n"))
    reply = write_reply(conversation)
    assert (reply.text, reply.finish_reason) == ("Hi.", "not_words")


@pytest.mark.parametrize("fault", [Fault(reasoning="Hm.", cut=0), Fault(text="<think>Hm.", cut=9)])
def test_thinking_is_kept_of_a_reply_that_breaks_off(
    conversation: Conversation, model: OfflineModel, fault: Fault
) -> None:
    model.script(fault)
    reply = write_reply(conversation)
    assert (reply.status, reply.reasoning, reply.text) == ("failed", "Hm.", "")


def test_thinking_is_kept_of_a_reply_that_is_stopped(
    conversation: Conversation, model: OfflineModel
) -> None:
    gate = Gate()
    gate.release(1)
    model.script(Fault(gate=gate, reasoning="Hm.", text="Yes."))
    running = start_reply(conversation)
    assert wait_for_more(running, 0)
    running.cancel(Message.Status.STOPPED)
    reply = wait_until_saved(Message.objects.get(pk=running.pk))
    gate.open()
    assert (reply.status, reply.reasoning, reply.text) == ("stopped", "Hm", "")


def test_a_reply_at_the_length_limit_says_so(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(finish_reason="length"))
    reply = write_reply(conversation)
    assert (reply.status, reply.finish_reason) == ("complete", "length")


def test_a_refusal_is_a_reply_in_the_models_words(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(refusal="I can’t help with that."))
    reply = write_reply(conversation)
    assert (reply.status, reply.text) == ("complete", "I can’t help with that.")


def test_an_empty_reply_is_complete_and_has_no_first_token(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text=""))
    reply = write_reply(conversation)
    assert (reply.status, reply.text, reply.first_token_at) == ("complete", "", None)


def test_a_reply_that_is_cut_off_fails_and_keeps_its_text(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="One two three four.", cut=2))
    reply = write_reply(conversation)
    assert (reply.status, reply.error_code) == ("failed", "cut_off")
    assert reply.text == "One two"
    assert reply.html == rendering.render("One two", prefix=f"m{reply.pk}")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(status=400), "bad_request"),
        (Fault(status=413), "too_long"),
        (Fault(status=401), "bad_key"),
        (Fault(status=402), "out_of_credits"),
        (Fault(status=404), "not_found"),
        (Fault(status=429, retry_after="60"), "throttled"),
        (Fault(status=500), "upstream"),
        (Fault(error=1), "upstream"),
        (Fault(malformed=1), "malformed"),
        (Fault(raw=b"<html>", content_type="text/html"), "malformed"),
        (Fault(cut=0), "cut_off"),
    ],
)
def test_an_error_of_the_model_lands_as_its_code(
    conversation: Conversation, model: OfflineModel, fault: Fault, code: str
) -> None:
    model.script(fault)
    reply = write_reply(conversation)
    assert (reply.status, reply.error_code) == ("failed", code)


def test_a_model_that_says_nothing_times_out(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.MODEL_FIRST_BYTE_TIMEOUT = 0.1
    model.script(Fault(stall="headers"))
    assert write_reply(conversation).error_code == "timed_out"


def test_a_model_that_falls_silent_times_out_and_its_text_is_kept(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.MODEL_SILENCE_TIMEOUT = 0.2
    model.script(Fault(text="One two three.", stall=2))
    reply = write_reply(conversation)
    assert (reply.error_code, reply.text) == ("timed_out", "One two")


def test_a_model_that_is_not_there_refused(conversation: Conversation, model: OfflineModel) -> None:
    model.close()
    assert write_reply(conversation).error_code == "refused"


def test_the_time_to_wait_is_kept(conversation: Conversation, model: OfflineModel) -> None:
    model.script(Fault(status=429, retry_after="60"))
    assert write_reply(conversation).retry_after == 60


def test_what_this_site_does_wrong_fails_the_reply_and_is_logged(
    conversation: Conversation, model: OfflineModel, caplog: pytest.LogCaptureFixture
) -> None:
    ours = {"messages": {"value": "ours to set", "from": "site"}}
    with caplog.at_level(logging.ERROR):
        reply = write_reply(conversation, parameters=ours)
    assert (reply.status, reply.error_code) == ("failed", "internal")
    assert f"reply {reply.pk} broke" in caplog.text
