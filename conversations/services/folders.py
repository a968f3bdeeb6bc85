"""Making, changing and deleting folders, and moving conversations between them.

Under the lock of their owner, so that nothing is put into a folder that is being deleted.
"""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from chatsite.core.visible import to_visible_line
from conversations import queries
from conversations.folders import Folder
from conversations.models import Conversation
from conversations.services.change_feed import publish_change

# All of them are on each page.
MAX_FOLDERS = 100
# What a color turns to that isn't one of ours.
COLORS = tuple(Folder.Color)


class InvalidFolderError(UserFacingError):
    """The folder can't have this name."""

    status = 422


class TooManyFoldersError(UserFacingError):
    """No more folders can be made."""


def create_folder(*, owner: User, name: str, color: str = "") -> Folder:
    """Raises InvalidFolderError, TooManyFoldersError."""
    name = clean_name(name)
    with transaction.atomic():
        lock_user(owner.pk)
        refuse_taken_name(owner, name)
        return add_folder(owner, name, color)


def find_or_create_folder(*, owner: User, name: str) -> Folder:
    """The folder of this name, or a new one. Raises InvalidFolderError, TooManyFoldersError."""
    name = clean_name(name)
    with transaction.atomic():
        lock_user(owner.pk)
        found = queries.list_folders(owner).filter(folded_name=fold_name(name)).first()
        return found or add_folder(owner, name)


def edit_folder(*, owner: User, folder_id: uuid.UUID, name: str, color: str) -> Folder:
    """Raises Http404, InvalidFolderError."""
    name = clean_name(name)
    with transaction.atomic():
        lock_user(owner.pk)
        folder = queries.get_folder(owner, folder_id)
        refuse_taken_name(owner, name, besides=folder)
        folder.name, folder.folded_name = name, fold_name(name)
        if color in COLORS:
            folder.color = color
        folder.save()
        publish_change(owner.pk)
        return folder


def delete_folder(*, owner: User, folder_id: uuid.UUID) -> tuple[str, int]:
    """Deletes it, and puts what was in it back among the others. Returns its name, and how many
    conversations that were. Raises Http404.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        folder = queries.get_folder(owner, folder_id)
        count = queries.list_own(owner).filter(folder=folder).update(folder=None)
        publish_change(owner.pk)
        folder.delete()  # those whose deletion can still be undone leave it as well
        return folder.name, count


def move_conversation(
    *, owner: User, conversation: Conversation, folder_id: uuid.UUID | None
) -> None:
    """Puts it into a folder of its owner, or into none. Raises Http404."""
    with transaction.atomic():
        lock_user(owner.pk)
        folder = queries.get_folder(owner, folder_id) if folder_id else None
        queries.list_own(owner).filter(pk=conversation.pk).update(folder=folder)
        publish_change(owner.pk)
    conversation.folder = folder


def add_folder(owner: User, name: str, color: str = "") -> Folder:
    """Of the given color, or of the next in turn."""
    count = queries.list_folders(owner).count()
    if count >= MAX_FOLDERS:
        raise TooManyFoldersError(
            ngettext(
                "There can be at most %(count)d folder. Delete one that you no longer need first.",
                "There can be at most %(count)d folders. Delete one that you no longer need first.",
                MAX_FOLDERS,
            )
            % {"count": MAX_FOLDERS}
        )
    if color not in COLORS:
        color = COLORS[(count + 1) % len(COLORS)]
    publish_change(owner.pk)
    return Folder.objects.create(owner=owner, name=name, folded_name=fold_name(name), color=color)


def clean_name(name: str) -> str:
    name = to_visible_line(name)
    if not name:
        raise InvalidFolderError(_("Write a name first."))
    if len(name) > Folder.NAME_LENGTH:
        raise InvalidFolderError(
            _("A folder’s name has at most %(length)d characters. Shorten it.")
            % {"length": Folder.NAME_LENGTH}
        )
    return name


def refuse_taken_name(owner: User, name: str, besides: Folder | None = None) -> None:
    others = queries.list_folders(owner).filter(folded_name=fold_name(name))
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise InvalidFolderError(_("You have a folder of this name already. Choose another name."))
