"""After the first reply the model is asked for the conversation's title, once."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction
from pytest_django import Settings

from chatsite.accounts.erasure.account_record import build_account_record
from chatsite.accounts.models import Limit, UsageDay, User
from conversations.models import Conversation, Message, ModelRequest
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.outbox import worker
from conversations.review.models import SiteDay, UserDay
from conversations.services import conversations, deletion
from conversations.services.model_titles import get_pool
from tests.factories import add_message, owner_of
from tests.files import add_image
from tests.services.titling import MESSAGE, hold_title, wait_titled
from tests.services.writing import start_reply, wait_until_saved, write_reply

SOURCE = Conversation.TitleSource

type Write = Callable[[], Conversation]


def test_the_title_is_the_model_s(write: Write) -> None:
    conversation = write()
    assert conversation.title == "How binary heaps work"
    assert conversation.title_source == SOURCE.MODEL


def test_it_is_asked_for_in_one_short_request(write: Write, model: OfflineModel) -> None:
    write()
    _reply, asked = model.requests
    assert asked.body["max_tokens"] == 24
    assert asked.body["temperature"] == 0
    assert asked.body["model"] == "test-model"
    assert MESSAGE in asked.body["messages"][-1]["content"]


def test_the_beginnings_of_message_and_reply_are_sent(
    write: Write, untitled: Conversation, model: OfflineModel
) -> None:
    untitled.messages.update(text="x" * 5000)
    model.script(Fault(text="y" * 2000))
    write()
    content = model.requests[-1].body["messages"][-1]["content"]
    assert content.count("x") == 2000
    assert 500 <= content.count("y") < 510


def test_files_are_named_beside_the_message(
    write: Write, untitled: Conversation, model: OfflineModel
) -> None:
    add_image(untitled.messages.get())
    write()
    content = model.requests[-1].body["messages"][-1]["content"]
    assert f"{MESSAGE}\n\n[Attached: cat.png]\n</message>" in content


def test_files_alone_give_a_conversation_its_title(write: Write, untitled: Conversation) -> None:
    add_image(untitled.messages.get(), "black cat.png")
    untitled.messages.update(text="")
    assert write().title == "Black cat"


def test_later_replies_ask_for_none(write: Write, model: OfflineModel) -> None:
    conversation = write()
    Conversation.objects.update(title_source=SOURCE.FIRST_MESSAGE)
    conversation.refresh_from_db()
    add_message(conversation, role=Message.Role.USER, text="And then?")
    conversation.save()
    write_reply(conversation)
    wait_titled(conversation)
    assert len(model.requests) == 3


def test_a_first_reply_had_again_asks_for_no_second_title(
    write: Write, model: OfflineModel
) -> None:
    model.script(Fault(text="Four."), Fault(text="..."))
    conversation = write()
    conversation.leaf_id = conversation.messages.earliest("pk").pk
    write_reply(conversation)
    wait_titled(conversation)
    assert len(model.requests) == 3
    assert conversation.title_source == SOURCE.FIRST_MESSAGE


def test_after_a_first_reply_without_a_word_the_next_one_is_the_first(
    write: Write, model: OfflineModel
) -> None:
    model.script(Fault(status=400))
    conversation = write()
    assert len(model.requests) == 1
    conversation.leaf_id = conversation.messages.earliest("pk").pk
    write_reply(conversation)
    wait_titled(conversation)
    assert conversation.title_source == SOURCE.MODEL


def test_a_first_reply_that_was_stopped_is_enough(
    titles: None, untitled: Conversation, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(gate=gate, text="One two three."))
    running = start_reply(untitled)
    gate.release()
    assert running.wait_for(lambda: bool(running.text), 10)
    running.cancel(Message.Status.STOPPED)
    wait_until_saved(untitled.messages.latest("pk"))
    wait_titled(untitled)
    assert untitled.title_source == SOURCE.MODEL


def test_what_the_model_says_is_cleaned(write: Write, model: OfflineModel) -> None:
    model.script(Fault(text="Four."), Fault(text='Title: **"Heaps\u202e of <b>fun</b>."**\n\nMore'))
    assert write().title == "Heaps of fun"


def test_a_long_title_is_cut_between_words(write: Write, model: OfflineModel) -> None:
    model.script(Fault(text="Four."), Fault(text="Binary heaps " * 10))
    title = write().title
    assert len(title) <= 60
    assert title.endswith(" Binary…")


@pytest.mark.parametrize("said", ["…", '""', " \n", "***"])
def test_the_first_words_stay_where_nothing_is_said(
    write: Write, model: OfflineModel, said: str
) -> None:
    model.script(Fault(text="Four."), Fault(text=said))
    conversation = write()
    assert conversation.title == "Please explain how"
    assert conversation.title_source == SOURCE.FIRST_MESSAGE


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(status=429), Fault(cut=2)])
def test_a_request_that_fails_is_not_repeated(
    write: Write, model: OfflineModel, fault: Fault
) -> None:
    model.script(Fault(text="Four."), fault)
    assert write().title_source == SOURCE.FIRST_MESSAGE
    assert len(model.requests) == 2


def test_a_request_that_takes_too_long_is_given_up(
    write: Write, settings: Settings, model: OfflineModel
) -> None:
    settings.TITLE_TIMEOUT = 0.3
    model.script(Fault(text="Four."), Fault(stall="headers"))
    assert write().title_source == SOURCE.FIRST_MESSAGE
    assert len(model.requests) == 2


def test_first_words_is_the_title_where_the_setting_says_so(
    write: Write, settings: Settings, model: OfflineModel
) -> None:
    settings.TITLES = "first-words"
    assert write().title_source == SOURCE.FIRST_MESSAGE
    assert len(model.requests) == 1


def test_over_budget_none_is_asked_for(write: Write, alice: User, model: OfflineModel) -> None:
    Limit.objects.create(user=alice, tokens_per_day=1)
    assert write().title_source == SOURCE.FIRST_MESSAGE
    assert len(model.requests) == 1


def test_whoever_is_deactivated_gets_none(write: Write, alice: User, model: OfflineModel) -> None:
    User.objects.update(is_active=False)
    assert write().title_source == SOURCE.FIRST_MESSAGE
    assert len(model.requests) == 1


def test_a_title_that_somebody_gives_meanwhile_stays(
    titles: None, untitled: Conversation, model: OfflineModel
) -> None:
    gate = hold_title(untitled, model)
    conversations.rename_conversation(conversation=untitled, title="Mine")
    gate.open()
    wait_titled(untitled)
    assert untitled.title == "Mine"
    assert untitled.title_source == SOURCE.USER
    assert ModelRequest.objects.count() == 1


def test_deleting_the_conversation_ends_the_request(
    titles: None, untitled: Conversation, model: OfflineModel
) -> None:
    hold_title(untitled, model)
    deletion.mark_deleted(conversation=untitled)
    wait_titled(untitled)
    assert Conversation.objects.get().title_source == SOURCE.FIRST_MESSAGE


def test_the_end_of_the_process_ends_the_request_and_takes_no_more(
    titles: None, untitled: Conversation, model: OfflineModel
) -> None:
    hold_title(untitled, model)
    for title in get_pool().close():
        assert title.wait_done(5)
    write_reply(untitled)
    assert get_pool().find(untitled.pk) is None


def test_it_is_counted_once_and_kept_in_a_row_of_its_own(
    write: Write, alice: User, model: OfflineModel
) -> None:
    conversation = write()
    row = ModelRequest.objects.get()
    assert (row.user, row.conversation, row.kind) == (alice, conversation, "title")
    assert row.prompt_tokens
    assert row.completion_tokens == 4
    assert row.cost_usd > Decimal(0)
    reply = conversation.messages.latest("pk")
    day = UsageDay.objects.get(user=alice)
    assert day.prompt_tokens == (reply.prompt_tokens or 0) + row.prompt_tokens
    assert day.completion_tokens == (reply.completion_tokens or 0) + row.completion_tokens
    assert day.cost_usd == (reply.cost_usd or 0) + row.cost_usd
    assert day.messages == 0


def test_my_data_has_what_it_took(write: Write, alice: User) -> None:
    conversation = write()
    (request,) = build_account_record(alice)["requests_to_the_model"]
    assert request["conversation"] == conversation.pk
    assert request["for"] == "title"
    assert request["completion_tokens"] == 4


def test_review_s_stats_count_what_it_took(write: Write, alice: User) -> None:
    conversation = write()
    worker.process_outbox()
    row, reply = ModelRequest.objects.get(), conversation.messages.latest("pk")
    counted = UserDay.objects.filter(user=alice)
    assert sum(day.cost_usd for day in counted) == row.cost_usd + (reply.cost_usd or 0)
    assert sum(day.replies for day in counted) == 1
    assert sum(day.cost_usd for day in SiteDay.objects.all()) == row.cost_usd + (
        reply.cost_usd or 0
    )


def test_what_a_deleted_conversation_s_title_took_stays_used(write: Write, alice: User) -> None:
    conversation = write()
    used = UsageDay.objects.get(user=alice).tokens
    conversations.delete_conversation(conversation=conversation)
    assert not ModelRequest.objects.exists()
    assert UsageDay.objects.get(user=alice).tokens == used


def test_a_held_conversation_s_row_forgets_who_deleted_it(write: Write) -> None:
    conversation = write()
    Conversation.objects.update(is_held=True)
    conversations.delete_conversation(conversation=conversation)
    assert ModelRequest.objects.get().user is None


def test_the_row_goes_with_its_user(write: Write) -> None:
    owner = owner_of(write())
    with transaction.atomic():
        owner.delete()
    assert not ModelRequest.objects.exists()
