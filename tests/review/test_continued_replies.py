"""A reply that is continued is counted once, with all that it took; its text is looked at again."""

from decimal import Decimal

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.outbox import worker
from conversations.outbox.models import Change
from conversations.review.models import Flag, Review, Rule, SiteDay, UserDay
from tests.factories import add_message, make_conversation
from tests.search.searching import texts_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(alice: User) -> Message:
    """It was stopped, counted and looked at."""
    conversation = make_conversation(alice, "Hello")
    usage = {"prompt_tokens": 10, "completion_tokens": 2, "cost_usd": Decimal("0.001")}
    reply = add_message(conversation, role="assistant", text="A bo", status="stopped", **usage)
    conversation.save()
    worker.process_outbox()
    return reply


def write_on(reply: Message, text: str, **values: object) -> None:
    """What the two UPDATEs of a continuation write."""
    rows = Message.objects.filter(pk=reply.pk)
    rows.update(status="pending", base_length=len(reply.text), base_prompt_tokens=10)
    rows.update(**({"status": "complete", "text": text} | values))


SUM = {"prompt_tokens": 25, "completion_tokens": 5, "cost_usd": Decimal("0.003")}


def test_what_it_took_is_counted_once(reply: Message) -> None:
    write_on(reply, "A bomb", **SUM)
    worker.process_outbox()
    for day in (SiteDay.objects.get(), UserDay.objects.get()):
        assert (day.prompt_tokens, day.completion_tokens) == (25, 5)
        assert day.cost_usd == Decimal("0.003")


def test_it_is_one_reply(reply: Message) -> None:
    write_on(reply, "A bomb", **SUM)
    worker.process_outbox()
    day = SiteDay.objects.get()
    assert (day.messages, day.replies, day.stopped) == (1, 1, 0)
    review = Review.objects.get()
    assert (review.message_count, review.tokens, review.stopped_count) == (2, 30, 0)


@pytest.mark.parametrize(
    ("status", "failed", "stopped"), [("failed", 1, 0), ("interrupted", 0, 1), ("stopped", 0, 1)]
)
def test_it_is_counted_once_by_how_it_ended_last(
    reply: Message, status: str, failed: int, stopped: int
) -> None:
    write_on(reply, "A bomb", status=status)
    worker.process_outbox()
    for day in (SiteDay.objects.get(), UserDay.objects.get()):
        assert (day.replies, day.failed, day.stopped) == (1, failed, stopped)


def test_it_is_counted_the_same_when_the_outbox_lags(reply: Message) -> None:
    for status in ("failed", "interrupted", "failed"):
        write_on(reply, "A bomb", status=status)
    worker.process_outbox()
    day = SiteDay.objects.get()
    assert (day.replies, day.failed, day.stopped) == (1, 1, 0)


def test_while_it_runs_it_is_no_reply_that_ended(reply: Message) -> None:
    Message.objects.filter(pk=reply.pk).update(status="pending", base_length=4)
    worker.process_outbox()
    day = SiteDay.objects.get()
    assert (day.replies, day.stopped, Review.objects.get().stopped_count) == (0, 0, 0)


def test_it_is_counted_under_the_name_that_the_service_gave_last(reply: Message) -> None:
    write_on(reply, "A bomb", status="failed", model="another")
    worker.process_outbox()
    counted = set(SiteDay.objects.values_list("model", "messages", "replies", "failed", "stopped"))
    assert counted == {("test-model", 1, 0, 0, 0), ("another", 0, 1, 1, 0)}


def test_a_copy_that_is_continued_is_no_reply_of_the_statistics(reply: Message) -> None:
    copy = add_message(reply.conversation, role="assistant", status="stopped", copied_from=reply.pk)
    write_on(copy, "A bomb", status="failed")
    worker.process_outbox()
    day = SiteDay.objects.get()
    assert (day.replies, day.failed, day.stopped) == (1, 0, 1)


def test_one_that_took_nothing_more_counts_nothing_more(reply: Message) -> None:
    write_on(reply, "A bomb")
    kinds = [Change.Kind.REOPENED, Change.Kind.ENDED_AGAIN]
    assert list(Change.objects.order_by("pk").values_list("kind", flat=True)) == kinds
    worker.process_outbox()
    assert SiteDay.objects.get().prompt_tokens == 10


def test_its_whole_text_is_found(reply: Message) -> None:
    write_on(reply, "A bomb is loud", **SUM)
    worker.process_outbox()
    assert texts_with("bomb is loud") == ["A bomb is loud"]


def test_it_is_flagged_once_by_each_rule(reply: Message) -> None:
    Rule.objects.create(name="Weapons", kind="words", text="bomb")
    for text in ("A bomb", "A bomb and"):
        write_on(reply, text, **SUM)
        worker.process_outbox()
    assert Flag.objects.get().message == reply


def test_usage_that_a_release_before_wrote_down_is_all_of_the_message(reply: Message) -> None:
    Change.objects.create(
        kind=Change.Kind.USAGE, conversation_id=reply.conversation_id, message_id=reply.pk
    )
    worker.process_outbox()
    assert SiteDay.objects.get().prompt_tokens == 20


def test_a_message_that_comes_with_its_usage_is_counted(conversation: Conversation) -> None:
    add_message(conversation, role="assistant", text="Whole", **SUM)
    worker.process_outbox()
    assert SiteDay.objects.get(model="test-model").prompt_tokens == 25
