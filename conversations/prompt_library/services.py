"""Making, changing, copying and deleting prompts.

Under the lock of their owner, so that no name is theirs twice and there are never too many. What is
shared is administrators' to change; what isn't is its owner's alone.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from conversations.prompt_library import queries
from conversations.prompt_library.models import NAME_LENGTH, SavedPrompt
from conversations.prompt_library.names import NUMBER, make_free_name, make_name

MOST_PROMPTS = 1_000


class InvalidPromptError(UserFacingError):
    """The prompt can't be saved like this."""

    status = 422


class TooManyPromptsError(UserFacingError):
    """No more prompts can be made."""


@dataclass(frozen=True)
class PromptContent:
    name: str
    description: str
    text: str


@dataclass(frozen=True)
class AudienceChoice:
    """Whom a prompt is shared with."""

    is_for_all: bool
    groups: Collection[Group]


@dataclass(frozen=True)
class Imported:
    """How many prompts a file brought, how many there were already, and what was renamed."""

    added: int
    known: int
    renamed: list[tuple[str, str]]


def create_prompt(
    *, owner: User, content: PromptContent, audience: AudienceChoice | None = None
) -> SavedPrompt:
    """Raises InvalidPromptError, TooManyPromptsError."""
    with transaction.atomic():
        lock_user(owner.pk)
        refuse_too_many(owner, 1)
        prompt = SavedPrompt(owner=owner)
        save_content(prompt, content)
        share_prompt(owner, prompt, audience)
        return prompt


def edit_prompt(
    *,
    user: User,
    prompt_id: int,
    content: PromptContent,
    audience: AudienceChoice | None = None,
) -> SavedPrompt:
    """Raises Http404, InvalidPromptError."""
    with transaction.atomic():
        prompt = lock_editable(user, prompt_id)
        save_content(prompt, content)
        share_prompt(user, prompt, audience)
        return prompt


def lock_editable(user: User, prompt_id: int) -> SavedPrompt:
    """Return one that they may change, which nobody else changes or deletes meanwhile. Raises
    Http404.
    """
    owner_id = queries.get_editable(user, prompt_id).owner_id
    lock_user(owner_id or user.pk)
    # What is the site's has no owner whose lock administrators would share.
    return queries.get(queries.list_editable(user).select_for_update(), prompt_id)


def duplicate_prompt(*, user: User, prompt_id: int) -> SavedPrompt:
    """Copies one that they may use into their own. Raises Http404, TooManyPromptsError."""
    with transaction.atomic():
        lock_user(user.pk)
        prompt = queries.get_usable(user, prompt_id)
        refuse_too_many(user, 1)
        taken = set(queries.list_own(user).values_list("name", flat=True))
        return SavedPrompt.objects.create(
            owner=user,
            name=make_free_name(prompt.name, taken),
            description=prompt.description,
            text=prompt.text,
        )


def delete_prompt(*, user: User, prompt_id: int) -> str:
    """Returns what it was called. Raises Http404."""
    with transaction.atomic():
        prompt = lock_editable(user, prompt_id)
        prompt.delete()
        return prompt.name


def import_prompts(*, owner: User, contents: Collection[PromptContent]) -> Imported:
    """Adds all of them, or none: what there is already just so is left out, and what is called as
    another is gets a name of its own. Raises TooManyPromptsError.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        own = list(queries.list_own(owner).values_list("name", "description", "text"))
        taken = {name for name, _description, _text in own}
        # Under its own name, and under that which it had before it got a number.
        known = {
            PromptContent(each, description, text)
            for name, description, text in own
            for each in (name, NUMBER.sub("", name))
        }
        added: list[SavedPrompt] = []
        renamed: list[tuple[str, str]] = []
        for content in contents:
            if content in known:
                continue
            known.add(content)
            name = make_free_name(content.name, taken)
            taken.add(name)
            if name != content.name:
                renamed.append((content.name, name))
            added.append(
                SavedPrompt(
                    owner=owner, name=name, description=content.description, text=content.text
                )
            )
        refuse_too_many(owner, len(added))
        SavedPrompt.objects.bulk_create(added)
        return Imported(len(added), len(contents) - len(added), renamed)


def save_content(prompt: SavedPrompt, content: PromptContent) -> None:
    name = make_name(content.name)
    if not name:
        raise InvalidPromptError(
            _("A name has letters or digits, at most %(count)d.") % {"count": NAME_LENGTH}
        )
    others = SavedPrompt.objects.filter(owner=prompt.owner_id, name=name).exclude(pk=prompt.pk)
    if prompt.owner_id and others.exists():
        raise InvalidPromptError(
            _("There is a prompt called “%(name)s” already. Choose another name.") % {"name": name}
        )
    prompt.name, prompt.description, prompt.text = name, content.description, content.text
    prompt.changed_at = timezone.now()
    prompt.save(force_update=prompt.pk is not None)


def share_prompt(user: User, prompt: SavedPrompt, audience: AudienceChoice | None) -> None:
    """With whom administrators say; others can't say it."""
    if audience is None or not queries.may_share(user):
        return
    prompt.is_for_all = audience.is_for_all
    prompt.save(update_fields=["is_for_all"])
    prompt.groups.set(audience.groups)


def refuse_too_many(owner: User, added: int) -> None:
    count = queries.list_own(owner).count()
    if added and count + added > MOST_PROMPTS:
        raise TooManyPromptsError(
            _(
                "You can have at most %(most)s prompts, and have %(count)s. "
                "Delete some that you no longer need first."
            )
            % {"most": f"{MOST_PROMPTS:,}", "count": f"{count:,}"}
        )


def release_shared_prompts(*, owner: User) -> None:
    """What they have shared belongs to the site once their account is erased; the rest goes."""
    queries.list_own(owner).filter(queries.IS_SHARED).update(owner=None)
