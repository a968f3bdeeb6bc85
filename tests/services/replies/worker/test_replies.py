"""What a reply that ends well leaves on its message: written in the test's own thread."""

from decimal import Decimal

import pytest

from chatsite.accounts.models import User
from conversations import rendering
from conversations.models import Conversation
from conversations.offline_model import Fault, OfflineModel
from conversations.services.replies import renderings
from tests.factories import make_conversation
from tests.services.writing import write_reply

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)

LINES = "One **two**.\n\nThree.\n"


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


def test_the_conversations_model_and_the_replys_parameters_are_sent(
    conversation: Conversation, model: OfflineModel
) -> None:
    write_reply(conversation, parameters={"temperature": {"value": 0.5, "from": "site"}})
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


def test_a_reply_whose_stream_never_ends_is_whole(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text=LINES, done=False, hold=3600))
    reply = write_reply(conversation)
    assert (reply.status, reply.text, reply.usage_estimated) == ("complete", LINES, False)
