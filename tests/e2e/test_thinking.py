"""What a model thinks before its answer: folded, and as its reader left it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.steps import body, reply, send, shows, words

THOUGHT = "Let me <b>see</b>.\nOr not?"


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    gate = Gate()
    model.script(Fault(reasoning=THOUGHT, text="It is four.", gate=gate))
    yield gate
    gate.open()


def thinking(page: Page) -> Locator:
    return reply(page).locator("details.thinking")


def thought(page: Page) -> Locator:
    return thinking(page).locator(".thinking-text")


def test_thinking_comes_folded_and_stays_folded(alice: Page, gate: Gate) -> None:
    send(alice, "What is two and two?")
    gate.release(3)
    expect(thinking(alice).get_by_text("Thinking")).to_be_visible()
    expect(thought(alice)).not_to_be_visible()
    expect(body(alice)).not_to_be_visible()
    gate.open()
    shows(alice, "complete")
    expect(body(alice)).to_have_text("It is four.")
    expect(thought(alice)).not_to_be_visible()


def test_thinking_that_was_opened_grows_and_stays_open(alice: Page, gate: Gate) -> None:
    send(alice, "What is two and two?")
    gate.release(2)
    thinking(alice).get_by_text("Thinking").click()
    expect(thought(alice)).to_contain_text("Let me")
    gate.open()
    shows(alice, "complete")
    expect(thought(alice)).to_be_visible()
    assert thought(alice).inner_text() == THOUGHT


def test_thinking_is_there_after_a_reload_in_its_midst(alice: Page, gate: Gate) -> None:
    send(alice, "What is two and two?")
    gate.release(3)
    expect(thinking(alice)).to_be_attached()
    alice.reload()
    thinking(alice).get_by_text("Thinking").click()
    expect(thought(alice)).to_contain_text("Let me")
    gate.open()
    shows(alice, "complete")
    assert thought(alice).inner_text() == THOUGHT
    alice.reload()
    expect(thought(alice)).to_have_text(THOUGHT)


def test_copy_takes_the_answer_alone(alice: Page, model: OfflineModel) -> None:
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    model.script(Fault(text=f"<think>{THOUGHT}</think>It is four."))
    send(alice, "What is two and two?")
    shows(alice, "complete")
    reply(alice).hover()
    reply(alice).get_by_role("button", name="Copy message").click()
    expect(reply(alice).get_by_role("button", name="Copied")).to_be_visible()
    assert alice.evaluate("navigator.clipboard.readText()") == "It is four."


def test_a_reply_that_broke_off_is_sent_with_the_next_message(
    alice: Page, model: OfflineModel
) -> None:
    model.script(Fault(text=words(40), cut=30))
    send(alice, "Hello")
    shows(alice, "failed")
    shown = body(alice).inner_text()
    send(alice, "Go on")
    shows(alice, "complete")
    sent = model.requests[-1].body["messages"][-3:]
    assert [message["content"] for message in sent] == ["Hello", shown, "Go on"]


def test_messages_without_a_reply_between_them_are_sent_as_one(
    alice: Page, model: OfflineModel
) -> None:
    model.script(Fault(status=400))
    send(alice, "Hello")
    shows(alice, "failed")
    send(alice, "Hello?")
    shows(alice, "complete")
    assert model.requests[-1].body["messages"][-1]["content"] == "Hello\n\nHello?"


def test_a_reply_whose_stream_stays_open_is_complete(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(text="It is four.", done=False, hold=3600))
    send(alice, "What is two and two?")
    shows(alice, "complete")
    expect(body(alice)).to_have_text("It is four.")


def test_a_reply_that_ended_for_an_unknown_reason_says_so(alice: Page, model: OfflineModel) -> None:
    model.script(Fault(text="It is four.", finish_reason="cosmic_ray"))
    send(alice, "What is two and two?")
    shows(alice, "complete")
    expect(reply(alice).locator(".message-status")).to_contain_text("cosmic_ray")
    reply(alice).get_by_role("button", name="Try again").click()
    shows(alice, "complete")
