"""Every kind of row of review that people leave, about one of them or by one."""

from datetime import date
from typing import Any

from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation, Feedback
from conversations.review.audit.services import hash_terms
from conversations.review.models import (
    Export,
    Flag,
    Judgement,
    Label,
    Labelling,
    Note,
    Review,
    Rule,
    SavedFilter,
    Trial,
    UserDay,
    Verdict,
)
from tests.review.access import logged, opened


def reviewed(conversation: Conversation, by: User, *, said: str) -> Review:
    """The conversation with everything that can be said of it: `said`."""
    verdict, _new = Verdict.objects.get_or_create(name="Fine for now")
    label, _new = Label.objects.get_or_create(name="Sample")
    review, _new = Review.objects.update_or_create(
        conversation=conversation,
        defaults={
            "person": conversation.owner.pseudonym if conversation.owner else "",
            "model": conversation.model,
            "last_activity_at": conversation.last_activity_at,
            "state": Review.State.REVIEWED,
            "reviewed_at": timezone.now(),
            "verdict": verdict,
            "assignee": by,
            "thumbs_down": 1,
            "flag_count": 2,
        },
    )
    these: dict[str, Any] = {"conversation": conversation}
    Judgement.objects.create(verdict=verdict, comment=said, reviewer=by, **these)
    Note.objects.create(text=said, author=by, **these)
    Note.objects.create(text=said, author=by, message_id=conversation.leaf_id, **these)
    Flag.objects.create(reviewer=by, **these)
    Labelling.objects.create(label=label, **these)
    return review


def told_of(reply_in: Conversation, *, comment: str) -> None:
    """What its owner thinks of the last reply."""
    assert reply_in.leaf
    Feedback.objects.create(
        message=reply_in.leaf, conversation=reply_in, rating="down", comment=comment
    )


def accessed(conversation: Conversation, by: User, *, terms: str) -> None:
    opened(by, conversation)
    logged(by, conversation.owner, kind="search", terms=hash_terms(terms), details={"found": 3})


def kept_by(reviewer: User, *, query: str, name: str) -> None:
    """What a reviewer keeps for themselves."""
    SavedFilter.objects.create(user=reviewer, name=name, query=query)
    for form in Export.Format:
        Export.objects.create(started_by=reviewer, format=form, query=query, reason=name)
    rule, _new = Rule.objects.get_or_create(name="Words", kind="words", text="nothing")
    Trial.objects.create(rule=rule, started_by=reviewer, state="done")


def counted(user: User) -> None:
    UserDay.objects.create(user=user, day=date(2025, 3, 1), model="test-model", messages=2)
