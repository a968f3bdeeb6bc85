"""Reads of assistants, scoped to who may use them: what isn't for them doesn't exist for them."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from chatsite.accounts import audience
from chatsite.accounts.models import User
from chatsite.core.pagination import Page
from chatsite.core.storable import to_storable_text
from chatsite.redis import local_copies
from conversations.models import Assistant, AssistantVersion, Conversation
from conversations.queries import BY_ACTIVITY, LIST_SIZE, LISTED, list_own

# Whether there is any at all: asked by each page of a new chat.
COPY = "assistants-exist"
VERSIONS_SHOWN = 20


def may_share(user: User) -> bool:
    """Whether they decide for whom assistants are: administrators do."""
    return audience.may_share(user, Assistant)


def has_any() -> bool:
    """Whether anybody has one; a first one in another process may be seen a moment late."""
    return local_copies.get_copy(COPY, Assistant.objects.filter(removed_at=None).exists)


def forget_whether_any() -> None:
    local_copies.forget_copy(COPY)


def list_usable(user: User) -> QuerySet[Assistant]:
    """Return those that a user may begin a chat with, with all that is shown of them."""
    usable: QuerySet[Assistant] = Assistant.objects.usable_by(user)
    return _add_looks(usable.filter(removed_at=None))


def has_usable(user: User) -> bool:
    """Asks nothing of the database while nobody has an assistant."""
    return has_any() and list_usable(user).exists()


def list_visible(user: User) -> QuerySet[Assistant]:
    """Return those whose pages a user may open: administrators see all that are shared, and those
    without an owner, which nobody else could share or remove.
    """
    if not may_share(user):
        return list_usable(user)
    found: QuerySet[Assistant] = Assistant.objects.filter(
        Q(owner=user) | Q(owner=None) | Q(is_for_all=True) | Exists(_list_groups())
    )
    return _add_looks(found.filter(removed_at=None))


def _add_looks(found: QuerySet[Assistant]) -> QuerySet[Assistant]:
    """Read along what they are like now; `picture_digest` is None without a picture."""
    looks = {"picture_digest": F("picture__digest"), "is_for_groups": Exists(_list_groups())}
    return found.select_related("latest").annotate(**looks).order_by("latest__name", "pk")


def _list_groups() -> QuerySet[Any]:
    return Assistant.groups.through.objects.filter(assistant=OuterRef("pk"))


def find_usable(user: User, assistant_id: uuid.UUID) -> Assistant | None:
    return list_usable(user).filter(pk=assistant_id).first()


def get_visible(user: User, assistant_id: uuid.UUID) -> Assistant:
    return get_object_or_404(list_visible(user), pk=assistant_id)


def get_known(user: User, assistant_id: uuid.UUID) -> tuple[Assistant, bool]:
    """Return one that is visible to a user, or that their conversations have, and which it is: the
    second as the last of them has it. Raises Http404.
    """
    if visible := list_visible(user).filter(pk=assistant_id).first():
        return visible, True
    with_it = list_own(user).filter(assistant=assistant_id, assistant_version__isnull=False)
    last = with_it.select_related("assistant", "assistant_version").first()
    if last is None or last.assistant is None:
        raise Http404
    last.assistant.latest = last.assistant_version
    return last.assistant, False


def get_editable(user: User, assistant_id: uuid.UUID) -> Assistant:
    """Return one that they may change. Raises Http404."""
    assistant = get_visible(user, assistant_id)
    if not is_editable(user, assistant):
        raise Http404
    return assistant


def is_editable(user: User, assistant: Assistant) -> bool:
    """Whether it is theirs alone; what is shared is changed by administrators."""
    return may_share(user) or (assistant.owner_id == user.pk and not is_shared(assistant))


def is_shared(assistant: Assistant) -> bool:
    """As `list_visible` has read it."""
    return bool(assistant.is_for_all or assistant.is_for_groups)  # type: ignore[attr-defined]


def search(found: QuerySet[Assistant], words: str) -> QuerySet[Assistant]:
    """Narrow it to those whose name or description has each of the words."""
    for word in to_storable_text(words).split()[:8]:
        found = found.filter(
            Q(latest__name__icontains=word) | Q(latest__description__icontains=word)
        )
    return found


def sort_by_use(found: QuerySet[Assistant], user: User) -> QuerySet[Assistant]:
    """The last used first, then the defaults, then by name."""
    used = list_own(user).filter(assistant=OuterRef("pk")).order_by("-last_activity_at")
    return found.annotate(
        used_at=Subquery(used.values("last_activity_at")[:1]),
    ).order_by(F("used_at").desc(nulls_last=True), "-is_site_default", "latest__name", "pk")


def find_default(user: User) -> Assistant | None:
    """Return what a new chat of theirs begins with, unless they choose otherwise.

    A group's comes before the site's; among several groups', that of the first group by name.
    """
    of_groups = Assistant.default_groups.through.objects.filter(
        assistant=OuterRef("pk"), group__user=user
    )
    first_group = of_groups.order_by("group__name").values("group__name")[:1]
    found = list_usable(user).annotate(default_of=Subquery(first_group))
    found = found.filter(Q(is_site_default=True) | Q(default_of__isnull=False))
    return found.order_by(F("default_of").asc(nulls_last=True), "pk").first()


def has_newer_version(user: User, conversation: Conversation) -> bool:
    """Whether its assistant has changed since it has this version, and is still for them."""
    assistant = conversation.assistant
    if assistant is None or assistant.latest_id == conversation.assistant_version_id:
        return False
    return find_usable(user, assistant.pk) is not None


def list_versions(user: User, assistant: Assistant) -> Sequence[AssistantVersion]:
    """Return the latest ones, the newest first. Whom it is only shared with sees the last of them,
    and those of their conversations: what was before may not have been meant for them.
    """
    versions = assistant.versions.order_by("-number")
    if assistant.owner_id != user.pk and not is_editable(user, assistant):
        own = list_own(user).filter(assistant=assistant).order_by().values("assistant_version")
        versions = versions.filter(Q(pk=assistant.latest_id) | Q(pk__in=own))
    return list(versions[:VERSIONS_SHOWN])


def list_conversations_with(
    user: User, assistant: Assistant, *, after: str = "", before: str = ""
) -> Page[Conversation]:
    """Return a page of a user's conversations with it. Raises InvalidCursorError."""
    found = list_own(user).filter(assistant=assistant).only(*LISTED)
    return BY_ACTIVITY.page(found, LIST_SIZE, after=after, before=before)


def list_made(user: User) -> QuerySet[Assistant]:
    """Return all of a user's own, also those that were removed."""
    found = Assistant.objects.filter(owner=user).order_by("created_at", "pk")
    return found.prefetch_related("versions").select_related("picture")
