"""One reply, from claim to finish: written in the test's own thread."""

import logging
from decimal import Decimal

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations import rendering
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies import renderings, worker
from conversations.services.replies.channel import BOOT_ID, get_channel
from conversations.status_messages import find_status_message
from tests.factories import (
    add_message,
    add_pending_reply,
    make_conversation,
    make_long_conversation,
)
from tests.services.writing import (
    start_reply,
    wait_for_more,
    wait_for_text,
    wait_until_saved,
    write_reply,
)

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)

LINES = "One **two**.\n\nThree.\n"


@pytest.fixture
def conversation(alice: User) -> Conversation:
    """alice's, and it is the model's turn."""
    return make_conversation(alice, "Hello")


def sent(model: OfflineModel) -> list[str]:
    return [message["content"] for message in model.requests[-1].body["messages"]]


def test_a_reply_is_complete_with_its_text(conversation: Conversation, model: OfflineModel) -> None:
    model.script(Fault(text=LINES))
    reply = write_reply(conversation)
    assert (reply.status, reply.text, reply.finish_reason) == ("complete", LINES, "stop")
    assert reply.error_code == ""


def test_its_html_is_cached_with_the_renderers_version(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text=LINES))
    reply = write_reply(conversation)
    assert reply.html == rendering.render(LINES, prefix=f"m{reply.pk}")
    assert reply.html_version == rendering.VERSION


def test_what_it_used_and_cost_is_kept(conversation: Conversation, model: OfflineModel) -> None:
    model.script(Fault(text="One two three four."))
    reply = write_reply(conversation)
    prompt = 4 + 3 + 4 + 2  # "Be brief." and "Hello", by the offline model's count
    assert (reply.prompt_tokens, reply.cached_tokens, reply.completion_tokens) == (prompt, 0, 5)
    assert reply.cost_usd == Decimal("0.0000132")


def test_what_the_provider_took_from_its_cache_is_kept(
    alice: User, conversation: Conversation, model: OfflineModel
) -> None:
    write_reply(conversation)
    reply = write_reply(make_conversation(alice, "Hello"))
    assert reply.cached_tokens == reply.prompt_tokens


def test_its_times_are_in_order(conversation: Conversation, model: OfflineModel) -> None:
    reply = write_reply(conversation)
    times = [reply.created_at, reply.started_at, reply.first_token_at, reply.finished_at]
    known = [time for time in times if time]
    assert len(known) == 4
    assert known == sorted(known)


def test_the_model_that_answered_is_kept(conversation: Conversation, model: OfflineModel) -> None:
    event = b'data: {"model": "gpt-other", "choices": [{"delta": {"content": "Hi."}}]}\n\n'
    model.script(Fault(raw=event + b"data: [DONE]\n\n"))
    assert write_reply(conversation).model == "gpt-other"


def test_the_conversations_model_and_parameters_are_sent(
    conversation: Conversation, model: OfflineModel
) -> None:
    conversation.parameters = {"temperature": 0.5}
    write_reply(conversation)
    body = model.requests[0].body
    assert (body["model"], body["temperature"]) == ("test-model", 0.5)


def test_the_request_carries_the_replys_id(conversation: Conversation, model: OfflineModel) -> None:
    reply = write_reply(conversation)
    assert model.requests[0].headers["X-Client-Request-Id"] == str(reply.pk)


def test_a_reply_without_usage_is_complete(conversation: Conversation, model: OfflineModel) -> None:
    model.script(Fault(usage=False))
    reply = write_reply(conversation)
    assert (reply.status, reply.usage_estimated) == ("complete", True)


def test_a_long_reply_is_saved_whole(conversation: Conversation, model: OfflineModel) -> None:
    model.script(Fault(tokens=5_000))
    reply = write_reply(conversation)
    assert len(reply.text) > renderings.OFFLOAD_FROM
    assert reply.completion_tokens == 5_000
    assert reply.html == rendering.render(reply.text, prefix=f"m{reply.pk}")


def test_thinking_is_kept_apart_from_the_answer(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(reasoning="Hm.", text="<think>Oh.</think>\n\nYes."))
    reply = write_reply(conversation)
    assert (reply.status, reply.reasoning, reply.text) == ("complete", "Hm.Oh.", "Yes.")


def test_thinking_whose_beginning_was_in_the_prompt_is_kept_apart(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="Hm.\n</think>\n\nYes."))
    reply = write_reply(conversation)
    assert (reply.reasoning, reply.text) == ("Hm.", "Yes.")
    assert "Hm." not in reply.html


# Replies that don't end well


def test_a_reply_whose_stream_never_ends_is_whole(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text=LINES, done=False, hold=3600))
    reply = write_reply(conversation)
    assert (reply.status, reply.text, reply.usage_estimated) == ("complete", LINES, False)


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
    conversation.parameters = {"messages": "ours to set"}
    with caplog.at_level(logging.ERROR):
        reply = write_reply(conversation)
    assert (reply.status, reply.error_code) == ("failed", "internal")
    assert f"reply {reply.pk} broke" in caplog.text


# Claiming


def test_a_reply_is_claimed_by_this_process(conversation: Conversation, gate: Gate) -> None:
    reply = start_reply(conversation)
    gate.release()
    wait_for_text(reply, "One")
    message = Message.objects.get(pk=reply.pk)
    assert (message.status, message.writer) == ("streaming", BOOT_ID)
    assert message.started_at == message.heartbeat_at


def test_a_reply_is_claimed_once(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    assert worker.claim_reply(reply)
    assert not worker.claim_reply(reply)


def test_a_reply_stopped_before_it_was_claimed_is_left_alone(
    conversation: Conversation, model: OfflineModel
) -> None:
    message = add_pending_reply(conversation)
    Message.objects.filter(pk=message.pk).update(status=Message.Status.STOPPED)
    reply = get_channel().open_reply(message)
    worker.run_writer(reply, message)
    assert reply.done
    assert not model.requests
    assert Message.objects.get(pk=message.pk).status == "stopped"


def test_a_reply_is_live_from_its_start_to_its_end(conversation: Conversation, gate: Gate) -> None:
    reply = start_reply(conversation)
    assert get_channel().list_replies() == [reply]
    gate.open()
    assert reply.wait_done(10)
    assert get_channel().follow_reply(reply.pk) is None


def test_a_conversation_deleted_while_the_reply_is_written_takes_it_along(
    conversation: Conversation, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    reply = start_reply(conversation)
    gate.release()
    wait_for_text(reply, "One")
    Conversation.objects.get(pk=conversation.pk).delete()
    gate.open()
    assert reply.wait_done(10)
    assert not Message.objects.exists()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_replies_of_several_conversations_are_written_at_once(
    alice: User, model: OfflineModel
) -> None:
    gates = [Gate() for _ in range(3)]
    model.script(*[Fault(gate=gate, text="One two") for gate in gates])
    replies = [start_reply(make_conversation(alice, "Hello")) for _ in gates]
    for gate in gates:
        gate.release()
    for reply in replies:
        wait_for_text(reply, "One")
    for gate in gates:
        gate.open()
    assert all(reply.wait_done(10) for reply in replies)
    assert Message.objects.filter(status="complete", text="One two").count() == 3


# What is sent


def test_the_system_prompt_and_the_branch_are_sent(
    conversation: Conversation, model: OfflineModel
) -> None:
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello"]


@pytest.mark.parametrize("status", ["stopped", "interrupted", "failed"])
def test_what_was_said_of_a_reply_that_broke_off_is_sent(
    conversation: Conversation, model: OfflineModel, status: str
) -> None:
    add_message(conversation, role="assistant", text="I was about to", status=status)
    add_message(conversation, role="user", text="Go on.")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "I was about to", "Go on."]


@pytest.mark.parametrize(
    ("status", "text"),
    [("failed", ""), ("complete", ""), ("stopped", ""), ("interrupted", " \n")],
)
def test_messages_around_a_reply_without_words_are_sent_as_one(
    conversation: Conversation, model: OfflineModel, status: str, text: str
) -> None:
    add_message(conversation, role="assistant", text=text, status=status)
    add_message(conversation, role="user", text="Hello?")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello\n\nHello?"]


def test_thinking_is_not_sent(conversation: Conversation, model: OfflineModel) -> None:
    add_message(conversation, role="assistant", text="Yes.", reasoning="Hm.")
    add_message(conversation, role="user", text="Why?")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "Yes.", "Why?"]


def test_a_sibling_that_was_retried_is_not_sent(
    conversation: Conversation, model: OfflineModel
) -> None:
    question = conversation.leaf_id
    add_message(conversation, role="assistant", text="First try")
    add_message(conversation, role="assistant", text="Second try", parent_id=question)
    add_message(conversation, role="user", text="Thanks")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "Second try", "Thanks"]


def test_an_estimate_is_not_taken_for_a_count(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 100
    reply = add_message(conversation, role="assistant", text="Hi", prompt_tokens=1_000)
    Message.objects.filter(pk=reply.pk).update(usage_estimated=True)
    add_message(conversation, role="user", text="And now?")
    write_reply(conversation)
    assert sent(model) == ["Be brief.", "Hello", "Hi", "And now?"]


def test_the_start_of_the_context_is_kept_where_turns_were_left_out(
    conversation: Conversation, model: OfflineModel, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 100
    add_message(conversation, role="assistant", text="x" * 400)
    question = add_message(conversation, role="user", text="And now?")
    reply = write_reply(conversation)
    assert reply.context_start == question.pk
    assert sent(model) == ["Be brief.", "And now?"]


def test_what_was_left_out_stays_out_after_an_interrupted_reply(
    alice: User, model: OfflineModel, settings: Settings
) -> None:
    conversation = make_long_conversation(alice, 60)
    start = conversation.messages.filter(role="user")[20].pk
    conversation.messages.filter(text="Message 59").update(context_start=start)
    add_message(conversation, role="user", text="And then?")
    add_message(conversation, role="assistant", text="Then", status="interrupted")
    add_message(conversation, role="user", text="Go on.")
    assert write_reply(conversation).context_start == start
    assert sent(model)[1] == "Message 40"


def test_a_branch_sent_whole_has_no_start(conversation: Conversation, model: OfflineModel) -> None:
    assert write_reply(conversation).context_start is None


def test_starting_writes_in_a_thread_of_its_own(
    conversation: Conversation, model: OfflineModel
) -> None:
    reply = add_pending_reply(conversation)
    worker.start_writer(reply)
    assert wait_until_saved(reply).status == "complete"
