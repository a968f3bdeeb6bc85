"""Which value of a parameter is sent, and where it comes from."""

from typing import Any

import pytest

from conversations.parameters.definitions import BY_NAME
from conversations.parameters.effective import (
    Effective,
    Source,
    freeze,
    layer_reply,
    make_request,
    resolve,
    thaw,
)
from conversations.parameters.models import ParameterPolicy
from conversations.parameters.wording import describe_effective

SCHEMA = '{"type": "object", "title": "An invoice!", "properties": {"z": {}, "a": {}}}'
OPEN = ParameterPolicy()


def policy(**rules: Any) -> ParameterPolicy:
    return ParameterPolicy(rules=rules)


def find(name: str, own: dict[str, Any], rules: ParameterPolicy = OPEN) -> Effective:
    (found,) = [
        each
        for each in resolve([(Source.CONVERSATION, own)], rules)
        if each.definition.name == name
    ]
    return found


def request_for(own: dict[str, Any], rules: ParameterPolicy = OPEN, **how: bool) -> dict[str, Any]:
    return make_request(freeze(resolve([(Source.CONVERSATION, own)], rules)), **how)


def test_where_nothing_is_set_nothing_is_sent() -> None:
    assert freeze(resolve([], OPEN)) is None
    assert make_request(None) == {}


def test_the_conversation_lies_upon_the_site() -> None:
    rules = policy(temperature={"default": 0.3}, seed={"default": 7})
    assert request_for({"temperature": 1.5}, rules) == {"temperature": 1.5, "seed": 7}
    assert find("temperature", {"temperature": 1.5}, rules).source is Source.CONVERSATION
    assert find("seed", {}, rules).source is Source.SITE


def test_a_reply_of_its_own_takes_back_what_the_conversation_has() -> None:
    own = {"temperature": 1.5, "seed": 7}
    layers = layer_reply(own, {"seed": 7, "top_p": 0.5})
    kept = freeze(resolve(layers, OPEN))
    assert kept == {
        "seed": {"value": 7, "from": "conversation"},
        "top_p": {"value": 0.5, "from": "reply"},
    }


def test_a_number_beyond_bounds_that_were_narrowed_becomes_the_nearest() -> None:
    found = find("temperature", {"temperature": 1.8}, policy(temperature={"most": 1}))
    assert (found.value, found.asked) == (1, 1.8)
    assert "Sent: 1, as set for this conversation." in describe_effective(found)
    assert "What was set before, 1.8, is not allowed any more." in describe_effective(found)


def test_what_may_not_be_changed_any_more_is_the_site_s() -> None:
    rules = policy(seed={"is_fixed": True, "default": 3}, stop={"is_fixed": True})
    own = {"seed": 7, "stop": ["END"]}
    assert request_for(own, rules) == {"seed": 3}
    assert find("stop", own, rules).asked == ["END"]


def test_a_model_s_default_beyond_the_bounds_is_limited_as_well() -> None:
    rules = policy(max_tokens={"most": 500}, temperature={"most": 0.5})
    assert request_for({}, rules) == {"temperature": 0.5, "max_tokens": 500}


@pytest.mark.parametrize(
    "own",
    [
        {"temperature": "hot"},
        {"temperature": True},
        {"temperature": float("nan")},
        {"temperature": 99},
        {"seed": 1.5},
        {"seed": 0},
        {"stop": "END"},
        {"stop": ["a", "b", "c", "d", "e"]},
        {"response_format": {"type": "json_schema"}},
        {"response_format": {"type": "json_schema", "schema": "[" * 9_000}},
        {"response_format": {"type": "xml"}},
        {"messages": "ours to set"},
    ],
)
def test_what_the_api_would_refuse_is_never_sent(own: dict[str, Any]) -> None:
    assert request_for(own) == {}


def test_a_schema_is_sent_with_a_name_and_in_its_own_order() -> None:
    own = {"response_format": {"type": "json_schema", "schema": SCHEMA, "strict": True}}
    sent = request_for(own)["response_format"]["json_schema"]
    assert (sent["name"], sent["strict"]) == ("An_invoice", True)
    assert list(sent["schema"]["properties"]) == ["z", "a"]


def test_a_continued_reply_goes_on_as_text() -> None:
    own = {"response_format": {"type": "json_object"}, "max_tokens": 5}
    assert request_for(own, is_continued=True) == {"max_tokens": 5}


def test_what_a_reply_was_asked_for_is_known_again() -> None:
    own = {"temperature": 1.8}
    kept = freeze(resolve([(Source.CONVERSATION, own)], policy(temperature={"most": 1})))
    assert kept
    assert make_request(freeze(resolve(thaw(kept), OPEN))) == own


def test_each_definition_has_a_default_within_its_bounds() -> None:
    for definition in BY_NAME.values():
        if definition.default is not None:
            assert definition.accepts(definition.default)
