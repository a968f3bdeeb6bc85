"""For whom an assistant is, and whose new chats begin with it: decided by administrators."""

import uuid
from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import Http404

from chatsite.accounts.models import User
from chatsite.core.locks import lock_name
from conversations.assistants import queries
from conversations.assistants.services import lock_editable
from conversations.models import Assistant

# The name of the lock under which defaults change.
DEFAULTS = "default assistants"


def share_assistant(
    *,
    user: User,
    assistant_id: uuid.UUID,
    is_for_all: bool,
    groups: Collection[Group],
    is_site_default: bool,
    default_groups: Collection[Group],
) -> Assistant:
    """A default is for those whose default it is. The site has one, and each group: it takes the
    place of the one before. Raises Http404.
    """
    if not queries.may_share(user):
        raise Http404
    with transaction.atomic():
        # Two at once would each leave the default that the other has just set.
        lock_name(DEFAULTS)
        assistant = lock_editable(user, assistant_id)
        if is_site_default:
            others = Assistant.objects.filter(is_site_default=True).exclude(pk=assistant.pk)
            others.update(is_site_default=False)
        through = Assistant.default_groups.through
        through.objects.filter(group__in=default_groups).exclude(assistant=assistant).delete()
        assistant.is_for_all = is_for_all or is_site_default
        assistant.is_site_default = is_site_default
        assistant.save(update_fields=["is_for_all", "is_site_default"])
        assistant.groups.set({*groups, *default_groups})
        assistant.default_groups.set(default_groups)
    return assistant
