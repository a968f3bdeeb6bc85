"""Saving a user's own instructions."""

from chatsite.accounts.models import User
from conversations.instructions.models import OwnInstructions


def save_own_instructions(user: User, own: OwnInstructions) -> None:
    """They hold in chats that begin from now on. No row is kept of none."""
    if not own.is_any:
        OwnInstructions.objects.filter(pk=user.pk).delete()
        return
    OwnInstructions.objects.update_or_create(
        user=user,
        defaults={
            "about_me": own.about_me,
            "how_to_reply": own.how_to_reply,
            "is_on": own.is_on,
        },
    )
