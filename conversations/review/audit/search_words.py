"""What was typed to search for, readable beside the access log for a while.

The log is never changed, so it holds no word of anybody's, but a hash. The words are kept apart:
forgotten after 90 days, and at once when somebody is erased whom they name, of whom the search
showed something, or who typed them.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.review.models import AccessEntry, Disclosure, SearchWords

KEPT = timedelta(days=90)
LENGTH = SearchWords._meta.get_field("text").max_length


def remember_words(text: str, terms: str) -> str:
    """Returns the hash, by which they are found."""
    if terms:
        words = SearchWords(terms=terms, text=text.replace("\x00", " ")[:LENGTH])
        SearchWords.objects.bulk_create(
            [words],
            update_conflicts=True,
            unique_fields=["terms"],
            update_fields=["text", "typed_at"],
        )
    return terms


def find_words(entries: Iterable[AccessEntry]) -> dict[str, str]:
    """Hash → words, where they are still known."""
    wanted = {entry.terms for entry in entries if entry.terms}
    found = SearchWords.objects.filter(terms__in=wanted) if wanted else SearchWords.objects.none()
    return dict(found.values_list("terms", "text"))


def forget_old_words() -> None:
    SearchWords.objects.filter(typed_at__lt=timezone.now() - KEPT).delete()


def on_user_erased(*, user: User, **_signal: Any) -> None:
    of_them = Disclosure.objects.filter(person=user.pseudonym).values("entry")
    entries = AccessEntry.objects.exclude(terms="").filter(
        Q(actor=user.pseudonym) | Q(subject=user.pseudonym) | Q(pk__in=of_them)
    )
    forgotten = Q(terms__in=entries.values("terms"))
    for name in filter(None, (user.username, user.name, user.email)):
        forgotten |= Q(text__icontains=name)
    SearchWords.objects.filter(forgotten).delete()
