"""Which prompts there are for somebody: their own and those shared with them, and no others."""

from collections.abc import Iterator, Mapping

from django.db.models import BooleanField, Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan
from django.http import Http404

from chatsite.accounts import audience
from chatsite.accounts.models import User
from chatsite.core.pagination import Keyset, Page, read_id, read_text
from chatsite.core.storable import to_storable_text
from conversations.prompt_library.models import SavedPrompt
from conversations.prompt_library.names import make_name

PAGE_SIZE = 50
SUGGESTED = 20
QUERY_LENGTH = 100
MOST_WORDS = 8

BY_NAME = Keyset(("name", "pk"), {"name": read_text, "pk": read_id})

# A prompt that others have too: all, or some group.
IS_SHARED = Q(is_for_all=True) | Q(pk__in=SavedPrompt.groups.through.objects.values("savedprompt"))


def may_share(user: User) -> bool:
    """Whether they decide who has a prompt: administrators do."""
    return audience.may_share(user, SavedPrompt)


def list_own(user: User) -> QuerySet[SavedPrompt]:
    return SavedPrompt.objects.filter(owner=user)


def iterate_own(user: User) -> Iterator[SavedPrompt]:
    """Yield their own, read a page at a time: between two of them nothing is open."""
    last = 0
    while page := list(list_own(user).filter(pk__gt=last).order_by("pk")[:PAGE_SIZE]):
        yield from page
        last = page[-1].pk


def list_shared(user: User) -> QuerySet[SavedPrompt]:
    """Return what others, or the site, share with this user; with anybody, for administrators, and
    what is left of shared ones whose groups are gone.
    """
    if may_share(user):
        shared = SavedPrompt.objects.filter(IS_SHARED | Q(owner=None))
    else:
        shared = SavedPrompt.objects.shared_with(user)
    return shared.exclude(owner=user)


def list_editable(user: User) -> QuerySet[SavedPrompt]:
    """Return their own that nobody else has; for administrators shared ones too."""
    if may_share(user):
        return SavedPrompt.objects.filter(Q(owner=user) | IS_SHARED | Q(owner=None))
    return list_own(user).exclude(IS_SHARED)


def get_usable(user: User, prompt_id: int) -> SavedPrompt:
    """Raises Http404."""
    return get(list_usable(user), prompt_id)


def get_editable(user: User, prompt_id: int) -> SavedPrompt:
    """Raises Http404."""
    return get(list_editable(user), prompt_id)


def get(prompts: QuerySet[SavedPrompt], prompt_id: int) -> SavedPrompt:
    found = prompts.filter(pk=prompt_id).first()
    if found is None:
        raise Http404("No such prompt is theirs or shared with them.")
    return found


def list_usable(user: User) -> QuerySet[SavedPrompt]:
    usable: QuerySet[SavedPrompt] = SavedPrompt.objects.usable_by(user)
    return usable


def search(prompts: QuerySet[SavedPrompt], words: str) -> QuerySet[SavedPrompt]:
    """Narrow it to those whose name, description or text has each of the words."""
    for word in to_storable_text(words[:QUERY_LENGTH]).split()[:MOST_WORDS]:
        named = Q(name__contains=name) if (name := make_name(word)) else Q()
        prompts = prompts.filter(named | Q(description__icontains=word) | has_in_text(word))
    return prompts


def has_in_text(word: str) -> Q:
    """Return that the text has a word, in large letters or small ones. Not by LIKE: on SQLite a
    library of texts that all but match would hold up everybody for seconds.
    """
    return Q(GreaterThan(StrIndex(Lower("text"), Lower(Value(word))), 0))


def read_page(prompts: QuerySet[SavedPrompt], places: Mapping[str, str]) -> Page[SavedPrompt]:
    """Raises InvalidCursorError."""
    return BY_NAME.page(
        prompts, PAGE_SIZE, after=places.get("after", ""), before=places.get("before", "")
    )


def suggest(user: User, typed: str) -> list[SavedPrompt]:
    """Return what is meant by the beginning of a name, or a word of a description: names that begin
    so first, one's own before those of others.
    """
    name, word = make_name(typed), to_storable_text(typed).strip()[:QUERY_LENGTH]
    if name and word.endswith("-"):
        name += "-"  # of a name that isn't typed to its end
    found = list_usable(user)
    rank: Case | Value = Value(0, output_field=IntegerField())
    if word:
        meant = Q(description__icontains=word)
        if name:
            meant |= Q(name__contains=name)
            rank = Case(When(name__startswith=name, then=0), default=1, output_field=IntegerField())
        found = found.filter(meant)
    is_others = Case(
        When(owner=user, then=Value(False)), default=Value(True), output_field=BooleanField()
    )
    ranked = found.annotate(rank=rank, is_others=is_others)
    return list(ranked.order_by("rank", "is_others", "name", "pk")[:SUGGESTED])
