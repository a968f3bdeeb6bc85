"""What is counted of replies."""

import gc

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, ModelRequest
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies.streams import StreamRoom, feeds, replies
from tests.factories import make_conversation
from tests.server.metrics.scraping import TOKEN, Rise, read_sample
from tests.services.titling import MESSAGE, wait_titled
from tests.services.writing import start_reply, write_reply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def metrics(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def test_a_reply_counts_with_its_times_tokens_and_cost(
    conversation: Conversation, model: OfflineModel
) -> None:
    ended = Rise("chatsite_replies_total", status="complete")
    times = [Rise(f"chatsite_reply_{what}_seconds_count") for what in ("first_word", "duration")]
    tokens = {
        kind: Rise("chatsite_tokens_total", kind=kind, purpose="reply")
        for kind in ("input", "cached", "output")
    }
    cost = Rise("chatsite_cost_usd_total", purpose="reply")
    reply = write_reply(conversation)
    assert (ended(), [time() for time in times]) == (1, [1, 1])
    assert {kind: rise() for kind, rise in tokens.items()} == {
        "input": reply.prompt_tokens,
        "cached": reply.cached_tokens or 0,
        "output": reply.completion_tokens,
    }
    assert reply.cost_usd
    assert cost.is_about(float(reply.cost_usd))


def test_a_reply_that_fails_counts_by_why(conversation: Conversation, model: OfflineModel) -> None:
    failed = Rise("chatsite_model_errors_total", code="bad_key")
    spent = Rise("chatsite_tokens_total")
    model.script(Fault(status=401, times=5))
    write_reply(conversation)
    assert (failed(), spent()) == (1, 0)


@pytest.mark.usefixtures("titles")
def test_a_title_counts_by_itself(alice: User) -> None:
    tokens = Rise("chatsite_tokens_total", purpose="title", kind="output")
    conversation = make_conversation(alice, MESSAGE)
    write_reply(conversation)
    wait_titled(conversation)
    assert tokens() == ModelRequest.objects.get().completion_tokens


def test_a_reply_is_live_while_it_is_written(
    conversation: Conversation, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(gate=gate, text="One."))
    assert read_sample("chatsite_live_replies", state="all") == 0
    reply = start_reply(conversation)
    assert read_sample("chatsite_live_replies", state="all") == 1
    gate.open()
    assert reply.wait_done(10)


@pytest.mark.parametrize(("kind", "room"), [("reply", replies), ("feed", feeds)])
def test_open_streams_are_told_by_kind(kind: str, room: StreamRoom) -> None:
    # Streams that other tests have read a part of end with the garbage.
    gc.collect()
    before = read_sample("chatsite_open_streams", kind=kind)
    with room.open_stream(1, lambda: None):
        assert read_sample("chatsite_open_streams", kind=kind) == before + 1
    assert read_sample("chatsite_open_streams", kind=kind) == before
