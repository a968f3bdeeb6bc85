"""What conversations do when their owner is erased: their rows go by themselves, but for those
under a legal hold and what they have shared with others, and the replies that are being written
are stopped.

A reply that is stopped saves nothing: it changes the row that it finds, and finds none.
"""

from functools import partial
from typing import Any

from django.db import transaction

from chatsite.accounts.models import User
from conversations.models import Assistant, Conversation
from conversations.prompt_library.services import release_shared_prompts
from conversations.services.conversations import detach_held_conversations
from conversations.services.replies import cancellation


def on_user_erased(*, user: User, **_signal: Any) -> None:
    detach_held_conversations(Conversation.objects.filter(owner=user))
    release_shared_prompts(owner=user)
    # What they have shared stays, without its owner.
    Assistant.objects.filter(owner=user, is_for_all=False, groups=None).delete()
    transaction.on_commit(partial(cancellation.stop_replies_of, user.pk))
