"""Making, changing, duplicating and removing assistants.

A change makes a version; those before stay, for the conversations that began with them.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from conversations.assistants import queries
from conversations.assistants.content import AssistantContent
from conversations.assistants.models import NAME_LENGTH, AssistantPicture
from conversations.models import Assistant, AssistantVersion, Conversation

MOST_EACH = 200
# By then no chat is about to begin with one that was removed.
SETTLED = timedelta(hours=1)
# Versions of one that are kept though no conversation has them: who changes it again and again must
# not fill the disk.
UNUSED_KEPT = 100


class TooManyAssistantsError(UserFacingError):
    """No more assistants can be made."""


@dataclass(frozen=True)
class PictureChange:
    """`content`: the new picture, b"" for none from now on."""

    content: bytes
    digest: str = ""


def create_assistant(
    *, owner: User, content: AssistantContent, picture: PictureChange | None = None
) -> Assistant:
    """Raises TooManyAssistantsError."""
    with transaction.atomic():
        lock_user(owner.pk)
        refuse_too_many(owner)
        delete_unused(owner)
        assistant = Assistant.objects.create(owner=owner)
        add_version(assistant, content, 1)
        change_picture(assistant, picture)
        queries.forget_whether_any()
    return assistant


def refuse_too_many(owner: User) -> None:
    if Assistant.objects.filter(owner=owner, removed_at=None).count() >= MOST_EACH:
        raise TooManyAssistantsError(
            _("You have %(count)d assistants, which is the most. Remove one first.")
            % {"count": MOST_EACH}
        )


def delete_unused(owner: User) -> None:
    """Delete those of theirs that were removed, and that no conversation has."""
    removed = Assistant.objects.filter(owner=owner, removed_at__lt=timezone.now() - SETTLED)
    removed.exclude(Exists(list_conversations(assistant=OuterRef("pk")))).delete()


def edit_assistant(
    *,
    user: User,
    assistant_id: uuid.UUID,
    content: AssistantContent,
    picture: PictureChange | None = None,
) -> Assistant:
    """Makes a version, where anything is otherwise than in the latest. Raises Http404."""
    with transaction.atomic():
        assistant = lock_editable(user, assistant_id)
        latest = get_latest(assistant)
        if content != AssistantContent.of_version(latest):
            add_version(assistant, content, latest.number + 1)
            delete_unused_versions(assistant)
        change_picture(assistant, picture)
    return assistant


def lock_editable(user: User, assistant_id: uuid.UUID) -> Assistant:
    """Return one that they may change, which nobody else changes meanwhile. Raises Http404."""
    if not Assistant.objects.select_for_update().filter(pk=assistant_id).exists():
        raise Http404
    return queries.get_editable(user, assistant_id)


def get_latest(assistant: Assistant) -> AssistantVersion:
    if assistant.latest is None:
        raise Http404
    return assistant.latest


def add_version(assistant: Assistant, content: AssistantContent, number: int) -> None:
    assistant.latest = assistant.versions.create(number=number, **content.to_fields())
    assistant.save(update_fields=["latest"])


def delete_unused_versions(assistant: Assistant) -> None:
    unused = assistant.versions.exclude(
        Exists(list_conversations(assistant_version=OuterRef("pk")))
    )
    beyond = unused.order_by("-number").values_list("pk", flat=True)[UNUSED_KEPT:]
    assistant.versions.filter(pk__in=list(beyond)).delete()


def list_conversations(**of: Any) -> QuerySet[Conversation]:
    """Anybody's that have it."""
    return Conversation.objects.filter(assistant__isnull=False, **of).order_by()


def change_picture(assistant: Assistant, change: PictureChange | None) -> None:
    if change is None:
        return
    if not change.content:
        AssistantPicture.objects.filter(pk=assistant.pk).delete()
        return
    AssistantPicture.objects.update_or_create(
        assistant=assistant, defaults={"content": change.content, "digest": change.digest}
    )


def duplicate_assistant(*, user: User, assistant_id: uuid.UUID) -> Assistant:
    """Makes one of their own that is like another now. Raises Http404, TooManyAssistantsError."""
    original = queries.get_visible(user, assistant_id)
    content = AssistantContent.of_version(get_latest(original))
    name = _("Copy of %(name)s") % {"name": content.name}
    content = replace(content, name=Truncator(name).chars(NAME_LENGTH))
    found = AssistantPicture.objects.filter(pk=original.pk).first()
    picture = PictureChange(bytes(found.content), found.digest) if found else None
    return create_assistant(owner=user, content=content, picture=picture)


def remove_assistant(*, user: User, assistant_id: uuid.UUID) -> str:
    """Has it offered no more, and return its name; conversations with it go on. Raises Http404."""
    with transaction.atomic():
        assistant = lock_editable(user, assistant_id)
        name = get_latest(assistant).name
        assistant.removed_at = timezone.now()
        assistant.is_site_default = False
        assistant.save(update_fields=["removed_at", "is_site_default"])
        assistant.default_groups.clear()
        queries.forget_whether_any()
    return name
