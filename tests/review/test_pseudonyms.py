"""Who may not see identities never sees one: every page of review and every export is looked
through, those found by their URLs as well as whatever these lead to.
"""

import re
from collections import deque
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import AccessEntry, Review, ReviewPolicy
from conversations.review.stats import views as dashboard
from tests.attachments.factories import make_image, make_sent_file
from tests.conftest import signed_in
from tests.factories import add_message, make_conversation
from tests.review.forms import Form, leads_of
from tests.review.rows import accessed, counted, kept_by, reviewed, told_of

# Longer than the digits of a microsecond, so that no time is taken for it.
NUMBER = 9_182_736_455
SECRETS = re.compile(rb"(?i)zuleika|marchbanks|hidden\.example|(?<!\d)9182736455(?!\d)")
AREA = "/admin/review/"
MOST = 400


@pytest.fixture
def zuleika(db: None) -> User:
    return User.objects.create_user(
        "zuleika",
        "z.marchbanks@hidden.example",
        "correct horse",
        id=NUMBER,
        name="Zuleika Marchbanks",
    )


@pytest.fixture
def talk(zuleika: User, rita: User, ada: User) -> Conversation:
    """zuleika's, in every list that there is."""
    conversation = make_conversation(zuleika, "A quincunx", "The quincunx.", title="Quincunx")
    add_message(conversation, role="user", text="And?")
    add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    make_sent_file(conversation.messages.earliest("pk"), make_image(zuleika))
    worker.process_outbox()
    told_of(conversation, comment="No quincunx")
    reviewed(conversation, rita, said="A quincunx indeed")
    accessed(conversation, rita, terms="quincunx")
    counted(zuleika)
    for reviewer in (rita, ada):
        kept_by(reviewer, query=f"person={zuleika.pseudonym}", name="Hers")
    return conversation


def test_reviewers_never_see_who_somebody_is(rita: User, talk: Conversation) -> None:
    assert leaks(signed_in(rita), talk) == []


def test_who_may_do_all_but_see_identities_does_not_either(bob: User, talk: Conversation) -> None:
    everything = Permission.objects.filter(content_type__app_label="review")
    bob.user_permissions.set(everything.exclude(codename="see_identities"))
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    kept_by(bob, query=f"person={Review.objects.get().person}", name="Hers")
    ReviewPolicy(pk=1, reason="none").save()
    assert leaks(signed_in(bob), talk) == []
    assert AccessEntry.objects.filter(kind="log", actor=bob.pseudonym).exists()


def test_who_may_see_identities_sees_them(ada_client: Client, talk: Conversation) -> None:
    """So that the tests above look for what there is to be found."""
    assert leaks(ada_client, talk)


def leaks(client: Client, talk: Conversation) -> list[str]:
    """The addresses whose answers say who zuleika is."""
    found, forms = [], []
    waiting = deque(addresses(talk))
    seen: set[str] = set()
    while waiting and len(seen) < MOST:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        found += [f"GET {address}"] if leaks_in(answer) else []
        led = leads_of(text_of(answer), address)
        waiting += [link for link in [*led.links, answer.get("Location", "")] if is_ours(link)]
        forms += [form for form in led.forms if form.method == "post" and is_ours(form.action)]
    return found + [f"POST {form.action}" for form in once(forms) if leaks_when_sent(client, form)]


def addresses(talk: Conversation) -> Iterator[str]:
    """Of every page of review, with all ids that it takes."""
    yield from ("/admin/", AREA)
    for pattern in patterns():
        names = list(pattern.pattern.converters)
        for ids in product(*[ids_for(name, pattern.name or "", talk) for name in names]):
            yield reverse(f"admin:{pattern.name}", kwargs=dict(zip(names, ids, strict=True)))


def patterns() -> Iterator[URLPattern]:
    resolvers = [each for each in get_resolver().url_patterns if isinstance(each, URLResolver)]
    (site,) = (each for each in resolvers if each.namespace == "admin")
    for resolver in site.url_patterns:
        for pattern in getattr(resolver, "url_patterns", []):
            if (pattern.name or "").startswith("review_"):
                yield pattern


def ids_for(name: str, page: str, talk: Conversation) -> list[Any]:
    """By the names of the URLs' parts; of a model's own page, those of its rows."""
    of_model = page.split("_")[1]
    if name == "message_id":
        return list(talk.messages.values_list("pk", flat=True))
    if name == "file_id":
        return list(talk.attachments.values_list("pk", flat=True))
    if name == "output":
        return ["view"]
    if name == "what":
        return [*dashboard.OF_DAYS, dashboard.BREAKDOWN]
    if name == "conversation_id" or (name, of_model) == ("object_id", "review"):
        return [talk.pk]
    model = of_model if name == "object_id" else name.removesuffix("_id")
    # A part of a URL that nothing is known of fails here: say above what stands there.
    rows = apps.get_model("review", {"filter": "savedfilter", "dry_run": "trial"}.get(model, model))
    return list(rows._default_manager.values_list("pk", flat=True)) or [1]


def leaks_when_sent(client: Client, form: Form) -> bool:
    """Also by where it leads."""
    answer = client.post(form.action, dict(form.fields))
    following = answer.get("Location", "")
    return leaks_in(answer) or (is_ours(following) and leaks_in(client.get(following)))


def once(forms: list[Form]) -> list[Form]:
    """Those that delete come last, as others need what they delete."""
    different = {(form.action, tuple(form.fields)): form for form in forms}
    return sorted(different.values(), key=lambda form: "delete" in form.action)[:MOST]


def is_ours(address: str) -> bool:
    return address.startswith(AREA) and "://" not in address


def leaks_in(answer: HttpResponseBase) -> bool:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return bool(SECRETS.search(body(answer)) or SECRETS.search(headers.encode()))


def text_of(answer: HttpResponseBase) -> str:
    is_html = answer.get("Content-Type", "").startswith("text/html")
    return body(answer).decode() if is_html else ""


def body(answer: HttpResponseBase) -> bytes:
    """Of a stream, all of it; read once and kept."""
    kept: bytes | None = getattr(answer, "read_by_test", None)
    if kept is None:
        kept = answer.getvalue()
        vars(answer)["read_by_test"] = kept
    return kept or b""
