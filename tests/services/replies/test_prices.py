"""What replies cost: at the prices of the model that was asked, unless the provider says."""

from decimal import Decimal

import pytest

from chatsite.accounts.budgets.services import BudgetExceededError
from chatsite.accounts.models import Limit, UsageDay, User
from conversations.model_catalog.catalog import get_prices
from conversations.models import ChatModel, Conversation, Message, ModelRequest
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.outbox import worker
from conversations.review.models import SiteDay
from conversations.services.replies import cancellation, recovery
from tests.factories import add_message, add_pending_reply, make_conversation
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model, priced
from tests.services.titling import wait_titled
from tests.services.writing import (
    continue_reply,
    send,
    start_reply,
    wait_for_text,
    wait_until_saved,
    write_reply,
)

pytestmark = pytest.mark.django_db(transaction=True)

MILLION = Decimal(1_000_000)
COUNTED = ("prompt_tokens", "cached_tokens", "completion_tokens")


@pytest.fixture
def dear(db: None) -> ChatModel:
    return add_model(THOROUGH, "Thorough", **priced("3", "0.3", "15"))


def cost_of(reply: Message, per_input: str, cached: str, output: str) -> Decimal:
    """What a reply costs at these prices, to the last digit."""
    assert reply.prompt_tokens is not None
    read = reply.cached_tokens or 0
    fresh = (reply.prompt_tokens - read) * Decimal(per_input)
    written = (reply.completion_tokens or 0) * Decimal(output)
    return (fresh + read * Decimal(cached) + written) / MILLION


def test_a_reply_costs_what_its_model_costs(
    conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    model.script(Fault(price=False))
    reply = write_reply(conversation, requested_model=THOROUGH)
    assert reply.cost_usd == cost_of(reply, "3", "0.3", "15") > 0


def test_models_in_one_conversation_have_each_their_own_prices(
    alice: User, conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    model.script(Fault(price=False, times=4))
    replies = [
        write_reply(conversation, requested_model=name) for name in (SITE, THOROUGH, SITE, THOROUGH)
    ]
    prices = [("0.40", "0.10", "1.60"), ("3", "0.3", "15")] * 2
    costs = [cost_of(reply, *each) for reply, each in zip(replies, prices, strict=True)]
    assert [reply.cost_usd for reply in replies] == costs
    assert UsageDay.objects.get(user=alice).cost_usd == sum(costs)
    assert replies[-1].cached_tokens


def test_the_providers_own_figure_wins(conversation: Conversation, model: OfflineModel) -> None:
    add_model(QUICK, **priced("1000", "1000", "1000"))
    reply = write_reply(conversation, requested_model=QUICK)
    assert reply.cost_usd == cost_of(reply, "0.05", "0.01", "0.2")


def test_an_estimate_is_made_at_the_models_prices(
    conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    model.script(Fault(usage=False))
    reply = write_reply(conversation, requested_model=THOROUGH)
    assert reply.usage_estimated
    assert reply.cost_usd == cost_of(reply, "3", "0.3", "15")


def test_a_stopped_reply_is_estimated_at_the_models_prices(
    conversation: Conversation, dear: ChatModel, gate: Gate
) -> None:
    running = start_reply(conversation, requested_model=THOROUGH)
    gate.release()
    wait_for_text(running, "One")
    cancellation.stop_reply(reply=Message.objects.get(pk=running.pk))
    reply = Message.objects.get(pk=running.pk)
    assert reply.cost_usd == cost_of(reply, "3", "0.3", "15")


def test_a_reply_whose_writer_died_is_estimated_at_the_models_prices(
    conversation: Conversation, dear: ChatModel
) -> None:
    reply = add_pending_reply(conversation, requested_model=THOROUGH)
    fields = {"status": "streaming", "writer": "an earlier life", "text": "I was about to"}
    Message.objects.filter(pk=reply.pk).update(**fields)
    recovery.interrupt_orphans()
    reply.refresh_from_db()
    assert reply.cost_usd == cost_of(reply, "3", "0.3", "15") > 0


def test_a_continued_reply_adds_at_the_prices_of_its_model(
    conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    model.script(
        Fault(text="One two", finish_reason="length", price=False),
        Fault(text=" three four.", price=False),
    )
    cut = write_reply(conversation, requested_model=THOROUGH)
    whole = wait_until_saved(continue_reply(cut))
    assert model.requests[-1].body["model"] == THOROUGH
    assert whole.completion_tokens
    assert whole.cost_usd == cost_of(whole, "3", "0.3", "15")


def test_cached_input_costs_as_much_as_other_input_where_nothing_is_said(db: None) -> None:
    add_model(QUICK, **priced("2", None, "4"))
    assert get_prices(QUICK).cached_input == 2


def test_without_prices_a_model_costs_what_the_dearest_does(db: None, dear: ChatModel) -> None:
    add_model(QUICK)
    assert get_prices(QUICK) == get_prices(THOROUGH) == get_prices("nobody/knows")


def test_a_price_of_nothing_is_a_price(
    conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    add_model(QUICK, **priced("0", "0", "0"))
    model.script(Fault(price=False))
    assert write_reply(conversation, requested_model=QUICK).cost_usd == 0


def test_a_row_for_the_settings_model_has_the_settings_prices_until_it_says_otherwise(
    db: None,
) -> None:
    before = get_prices(SITE)
    row = add_model(SITE)
    assert get_prices(SITE) == before
    ChatModel.objects.get(pk=row.pk).delete()
    add_model(SITE, **priced("1", "1", "1"))
    assert get_prices(SITE).output == 1


def test_a_budget_in_dollars_holds_for_a_model_without_prices(
    alice: User, conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    add_model(QUICK)
    Limit.objects.create(usd_per_month="0.01")
    model.script(Fault(price=False, tokens=1000))
    write_reply(conversation, requested_model=QUICK)
    with pytest.raises(BudgetExceededError):
        send(conversation, "And now?", token="a")


@pytest.mark.usefixtures("titles")
def test_a_title_costs_what_the_model_of_the_reply_costs(
    alice: User, dear: ChatModel, model: OfflineModel
) -> None:
    conversation = make_conversation(alice, "Please explain heaps.", title="Please explain")
    model.script(Fault(price=False, times=2))
    write_reply(conversation, requested_model=THOROUGH)
    wait_titled(conversation)
    asked = ModelRequest.objects.get()
    assert asked.model == THOROUGH
    spent = Message(**{name: getattr(asked, name) for name in COUNTED})
    assert asked.cost_usd == cost_of(spent, "3", "0.3", "15") > 0


def test_the_dashboard_counts_a_reply_under_the_name_that_was_asked_for(
    conversation: Conversation,
) -> None:
    taken = {"prompt_tokens": 10, "completion_tokens": 5, "cost_usd": Decimal("0.25")}
    for requested in (THOROUGH, None):
        add_message(
            conversation,
            role="assistant",
            text="Hi",
            model="thorough-2026",
            requested_model=requested,
            **taken,
        )
    worker.process_outbox()
    costs = dict(SiteDay.objects.values_list("model", "cost_usd"))
    assert costs == {SITE: 0, THOROUGH: Decimal("0.25"), "thorough-2026": Decimal("0.25")}


def test_a_continued_reply_stays_under_the_name_that_was_asked_for(
    conversation: Conversation, dear: ChatModel, model: OfflineModel
) -> None:
    model.script(Fault(text="One two", finish_reason="length"), Fault(text=" three."))
    cut = write_reply(conversation, requested_model=THOROUGH)
    worker.process_outbox()
    whole = wait_until_saved(continue_reply(cut))
    worker.process_outbox()
    day = SiteDay.objects.get(model=THOROUGH)
    assert (day.replies, day.cost_usd) == (1, whole.cost_usd)
