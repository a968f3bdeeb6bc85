"""Save a title and what it took, all or nothing: what the model was asked for is paid for, also
when the title came to nothing or its conversation is gone by then.
"""

from dataclasses import asdict

from django.db import transaction
from django.db.models import QuerySet

from chatsite.accounts.budgets.services import UsageCounter
from chatsite.core.locks import retry_on_conflict
from conversations.models import Conversation, ModelRequest
from conversations.services.change_feed import publish_change
from conversations.services.model_titles.asking import TitleAnswer
from conversations.services.model_titles.awaited_title import AwaitedTitle
from conversations.signals import model_request_made


def list_untitled(awaited: AwaitedTitle) -> QuerySet[Conversation]:
    """Its conversation, while its first words are its title and it isn't deleted."""
    return Conversation.objects.filter(
        pk=awaited.conversation_id,
        owner=awaited.owner_id,
        title_source=Conversation.TitleSource.FIRST_MESSAGE,
        deleted_at=None,
    )


@retry_on_conflict
def save_answer(awaited: AwaitedTitle, answer: TitleAnswer) -> None:
    with transaction.atomic():
        # The owner first, as sending and deleting do, which makes a deadlock impossible.
        counter = UsageCounter.lock(awaited.owner_id)
        if answer.title:
            list_untitled(awaited).update(
                title=answer.title, title_source=Conversation.TitleSource.MODEL
            )
            publish_change(awaited.owner_id)
        if answer.spent:
            save_request(counter, awaited, answer)


def save_request(counter: UsageCounter, awaited: AwaitedTitle, answer: TitleAnswer) -> None:
    if not (spent := answer.spent):
        return
    request = ModelRequest(
        user_id=counter.user_id,
        conversation_id=awaited.conversation_id,
        kind=ModelRequest.Kind.TITLE,
        model=answer.model[:200],
        started_at=answer.started_at,
        finished_at=answer.finished_at,
        **asdict(spent),
    )
    own = Conversation.objects.filter(pk=awaited.conversation_id, owner=awaited.owner_id)
    if own.exists():
        request.save()
    counter.add_usage(
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
        cost_usd=spent.cost_usd,
    )
    model_request_made.send(ModelRequest, request=request)
