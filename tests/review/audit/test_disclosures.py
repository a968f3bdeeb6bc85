"""Who has seen somebody's words: each page of a list, search or export says what it showed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry, Disclosure, ReviewPolicy, Rule
from conversations.review.retention import holds
from tests.factories import make_conversation
from tests.review.queue.rows import add_review, add_reviews

QUEUE, LOG = "/admin/review/review/", "/admin/review/accessentry/"


@pytest.fixture
def talks(alice: User, bob: User) -> list[Conversation]:
    """alice's and bob's, both of which say "quincunx"."""
    made = [make_conversation(user, "A quincunx", title="Garden") for user in (alice, bob)]
    worker.process_outbox()
    return made


def latest() -> tuple[str, dict[str, Any], set[tuple[str, Any]]]:
    """What the latest entry is of, its details, and what it showed."""
    entry = AccessEntry.objects.latest("pk")
    shown = Disclosure.objects.filter(entry=entry).values_list("person", "conversation")
    return entry.kind, entry.details, set(shown)


def of(*talks: Conversation) -> set[tuple[str, Any]]:
    return {(talk.owner.pseudonym, talk.pk) for talk in talks if talk.owner}


def test_a_page_of_the_queue(rita_client: Client, talks: list[Conversation]) -> None:
    rita_client.get(QUEUE)
    assert latest() == ("list", {"in": "queue"}, of(*talks))


def test_the_filters_of_the_queue_stand_beside_it(
    rita_client: Client, rita: User, alice: User, talks: list[Conversation]
) -> None:
    query = f"state=unreviewed&assignee=nobody&user={alice.pseudonym}&sort=-tokens"
    rita_client.get(f"{QUEUE}?{query}")
    kind, details, shown = latest()
    filters = {"state": "unreviewed", "assignee": "nobody", "sort": "-tokens"}
    assert (kind, details, shown) == ("list", {"in": "queue", "filters": filters}, of(talks[0]))
    assert AccessEntry.objects.get().subject == alice.pseudonym


def test_a_reviewer_in_a_filter_is_a_pseudonym(rita_client: Client, rita: User) -> None:
    rita_client.get(f"{QUEUE}?assignee=rita")
    assert latest()[1]["filters"] == {"assignee": rita.pseudonym}


def test_every_page_of_the_queue_is_an_entry(rita_client: Client, alice: User) -> None:
    add_reviews(alice, [{}] * 60)
    first = rita_client.get(QUEUE)
    rita_client.get(first.context["next"])
    shown = Disclosure.objects.values_list("entry", "conversation")
    assert [len({talk for entry, talk in shown if entry == pk}) for pk in entries()] == [50, 10]
    assert len({talk for _entry, talk in shown}) == 60


def entries() -> list[int]:
    return list(AccessEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_a_search_of_titles(rita_client: Client, talks: list[Conversation]) -> None:
    rita_client.get(f"{QUEUE}?title=garden")
    assert latest() == ("search", {"in": "titles"}, of(*talks))


def test_a_search_of_messages(rita_client: Client, talks: list[Conversation]) -> None:
    rita_client.get(f"{QUEUE}search/?q=quincunx&role=user")
    kind, details, shown = latest()
    assert (kind, shown) == ("search", of(*talks))
    assert details == {"found": 2, "more": False, "filters": {"role": "user"}}


def test_an_export_shows_what_it_has_sent(ada_client: Client, talks: list[Conversation]) -> None:
    response = ada_client.post("/admin/review/export/?state=unreviewed", {"format": "csv"})
    assert latest()[2] == set()
    list(response.streaming_content)  # type: ignore[attr-defined]
    kind, details, shown = latest()
    assert (kind, shown) == ("export", of(*talks))
    assert details["filters"] == {"state": "unreviewed"}


def test_the_finds_of_a_trial(ada_client: Client, ada: User, talks: list[Conversation]) -> None:
    rule = Rule.objects.create(name="Plants", kind="words", text="quincunx")
    dry_run = rule.trials.create(
        started_by=ada, state="done", examples=[talk.leaf_id for talk in talks]
    )
    ada_client.get(f"/admin/review/rule/{rule.pk}/trials/{dry_run.pk}/")
    assert latest()[::2] == ("trial", of(*talks))


def test_a_trial_that_runs_is_noted_down_as_it_finds_more(
    ada_client: Client, ada: User, talks: list[Conversation]
) -> None:
    rule = Rule.objects.create(name="Plants", kind="words", text="quincunx")
    dry_run = rule.trials.create(started_by=ada)
    for examples in ([], [talks[0].leaf_id], [talks[0].leaf_id]):
        rule.trials.update(examples=examples)
        page = f"/admin/review/rule/{rule.pk}/trials/{dry_run.pk}/"
        ada_client.get(page, headers={"HX-Request": "true"})
    assert AccessEntry.objects.count() == 1
    assert latest()[2] == of(talks[0])


def test_the_list_of_holds(ada_client: Client, ada: User, talks: list[Conversation]) -> None:
    holds.put_hold(conversation=talks[0], reason="A case.", by=ada)
    ada_client.get("/admin/review/hold/")
    assert latest() == ("list", {"in": "holds"}, of(talks[0]))


@pytest.mark.parametrize("page", ["hold", "release"])
def test_the_page_of_a_hold(ada_client: Client, talks: list[Conversation], page: str) -> None:
    ada_client.get(f"{QUEUE}{talks[0].pk}/{page}/")
    assert latest() == ("list", {"in": "hold"}, of(talks[0]))


def test_titles_that_are_named_after_a_conflict(
    rita_client: Client, talks: list[Conversation]
) -> None:
    form = {"action": "reviewed", "chosen": f"{talks[1].pk}:7"}
    rita_client.post(f"{QUEUE}bulk/", form)
    assert latest() == ("list", {"in": "queue"}, of(talks[1]))


@pytest.mark.parametrize("page", ["", "?state=waiting", "?title=garden", "search/?q=quincunx"])
def test_a_reason_is_asked_for_where_the_policy_wants_one(
    rita_client: Client, talks: list[Conversation], page: str
) -> None:
    ReviewPolicy(pk=1, reason=ReviewPolicy.Reason.REQUIRED).save()
    response = rita_client.get(QUEUE + page)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{QUEUE}reason/")
    assert not AccessEntry.objects.exists()


def test_a_reason_is_asked_for_before_holds_are_listed(ada_client: Client) -> None:
    ReviewPolicy(pk=1, reason=ReviewPolicy.Reason.REQUIRED).save()
    response = ada_client.get("/admin/review/hold/")
    assert response["Location"].startswith(f"{QUEUE}reason/")


def logged_kinds(client: Client, query: str) -> list[str]:
    return [each.entry.kind for each in client.get(f"{LOG}?{query}").context["shown"].rows]


def test_the_log_is_asked_who_has_seen_somebodys_words(
    rita_client: Client, ada_client: Client, bob: User, talks: list[Conversation]
) -> None:
    for page in ("", f"?user={bob.pseudonym}", f"search/?q=quincunx&user={bob.pseudonym}"):
        rita_client.get(QUEUE + page)
    rita_client.get(f"{QUEUE}{talks[1].pk}/change/")
    assert logged_kinds(ada_client, "whose=bob") == ["transcript", "search", "list", "list"]
    assert logged_kinds(ada_client, "whose=alice") == ["list"]


def test_the_log_is_asked_who_has_seen_a_conversation(
    rita_client: Client, ada_client: Client, talks: list[Conversation]
) -> None:
    rita_client.get(QUEUE)
    rita_client.get(f"{QUEUE}{talks[1].pk}/change/")
    assert logged_kinds(ada_client, f"conversation={talks[1].pk}") == ["transcript", "list"]
    assert logged_kinds(ada_client, f"conversation={talks[0].pk}&what=list") == ["list"]


def test_an_entry_leads_to_all_that_it_showed(
    rita_client: Client, ada_client: Client, talks: list[Conversation]
) -> None:
    rita_client.get(QUEUE)
    page = ada_client.get(f"{LOG}?entry={entries()[0]}")
    assert "showed 2 conversations" in " ".join(page.content.decode().split())
    assert {(each.person, each.conversation) for each in page.context["listed"]} == of(*talks)


@pytest.mark.parametrize("number", [1, 50])
def test_a_page_takes_two_statements_to_note_down_however_long(
    rita_client: Client,
    alice: User,
    number: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    add_reviews(alice, [{}] * number)
    rita_client.get(QUEUE)
    with django_assert_num_queries(14) as queries:
        rita_client.get(QUEUE)
    inserted = [each["sql"] for each in queries.captured_queries if "INSERT" in each["sql"]]
    assert len(inserted) == 2


def test_what_could_not_be_noted_down_is_not_shown(
    rita_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_review(alice, title="Secret garden")

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Disclosure.objects, "bulk_create", refuse)
    rita_client.raise_request_exception = False
    response = rita_client.get(QUEUE)
    assert response.status_code == 500
    assert b"Secret garden" not in response.content


def test_who_may_not_read_the_log_asks_in_vain(rita_client: Client, bob: User) -> None:
    assert not Permission.objects.filter(group__user__username="rita").filter(
        codename="view_accessentry"
    )
    assert rita_client.get(f"{LOG}?whose=bob").status_code == 403
