"""Whether a reply may be asked for now: not while too many are being written, nor over a budget."""

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.budgets import services as budgets
from chatsite.accounts.budgets.status import BudgetStatus
from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.prepared import PreparedQuery, Slot
from conversations.models import Conversation, Message


class TurnRefusedError(UserFacingError):
    """The message can't be sent now."""


# Asked before each message is taken.
RUNNING = PreparedQuery(
    lambda: (
        Message.objects.filter(
            conversation__owner_id=Slot("owner", BigIntegerField()),
            # Those of a deleted one are being stopped.
            conversation__deleted_at=None,
            status__in=Message.RUNNING,
        )
        .only("conversation_id")
        .order_by()
    )
)


def refuse_when_busy(conversation: Conversation, *, wanted: int = 1) -> None:
    """Raises TurnRefusedError where a reply is being written in the conversation, or `wanted` more
    would be too many at once.
    """
    running = RUNNING.fetch(owner=conversation.owner_id)
    if any(message.conversation_id == conversation.pk for message in running):
        raise TurnRefusedError(
            _("A reply is still being written. Wait for it or stop it, then send this again.")
        )
    most = settings.MAX_RUNNING_REPLIES
    if wanted > most:
        raise TurnRefusedError(
            _("You may have one reply written at a time, so two can’t be compared. Send it to one.")
        )
    if len(running) + wanted > most:
        raise TurnRefusedError(
            ngettext(
                "%(count)d of your replies is still being written. "
                "Wait for it or stop it, then send this again.",
                "%(count)d of your replies are still being written. "
                "Wait for one or stop one, then send this again.",
                len(running),
            )
            % {"count": len(running)}
        )


def check_budget_with_hint(owner: User, *, replies: int = 1, hint: str = "") -> BudgetStatus:
    """Before the model is called: raises BudgetExceededError, with the hint in its words."""
    try:
        return budgets.check_budget(owner, replies)
    except budgets.BudgetExceededError as error:
        raise error.with_hint(hint) from None
