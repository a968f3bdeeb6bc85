"""What an export says of a conversation and of a message, as JSON has it and as a table has it."""

from typing import Any

from chatsite.accounts.models import User
from conversations.models import Message
from conversations.review.exports.reading import Talk
from conversations.review.models import Hold, Review
from conversations.services.records import make_conversation_record, make_message_record


def conversation(talk: Talk, *, with_names: bool) -> dict[str, Any]:
    record = {
        **make_conversation_record(talk.conversation),
        "user": talk.review.person,
        **(names(talk) if with_names else {}),
        "review": review(talk.review),
        "labels": talk.labels,
        "judgements": [
            {
                "verdict": each.verdict and each.verdict.name,
                "is_reviewed": each.is_reviewed,
                "comment": each.comment,
                "by": name(each.reviewer),
                "at": each.created_at,
            }
            for each in talk.judgements
        ],
        "notes": [
            {
                "message": each.message_id,
                "text": each.text,
                "by": name(each.author),
                "at": each.created_at,
            }
            for each in talk.notes
        ],
        "flags": [
            {
                "message": each.message_id,
                "rule": each.rule and each.rule.name,
                "by": name(each.reviewer),
                "at": each.created_at,
            }
            for each in talk.flags
        ],
    }
    return record | ({"hold": hold(talk.hold, talk)} if talk.hold else {})


def names(talk: Talk) -> dict[str, str]:
    """Of the owner; of one who has deleted it or is gone, as the hold has kept them."""
    if owner := talk.conversation.owner:
        return {"username": owner.username, "name": owner.name, "email": owner.email}
    if talk.hold:
        return {
            "username": talk.hold.owner_username,
            "name": talk.hold.owner_name,
            "email": talk.hold.owner_email,
        }
    return {"username": "", "name": "", "email": ""}


def review(of: Review) -> dict[str, Any]:
    return {
        "state": of.state,
        "verdict": of.verdict and of.verdict.name,
        "assignee": name(of.assignee),
        "reviewed_at": of.reviewed_at,
        "message_count": of.message_count,
        "tokens": of.tokens,
        "cost_usd": of.cost_usd,
        "thumbs_up": of.thumbs_up,
        "thumbs_down": of.thumbs_down,
        "flag_count": of.flag_count,
    }


def hold(of: Hold, talk: Talk) -> dict[str, Any]:
    return {
        "reason": of.reason,
        "by": name(of.placed_by),
        "at": of.placed_at,
        "deleted_by_owner": talk.conversation.owner_id is None,
    }


def name(reviewer: User | None) -> str | None:
    return reviewer.username if reviewer else None


def message(of: Message, *, is_shown: bool) -> dict[str, Any]:
    return {
        **make_message_record(of),
        "usage_estimated": of.usage_estimated,
        "shown": is_shown,
    }


# Column → what is in it.

HEADINGS = (
    *("conversation", "user", "username", "title", "state", "verdict"),
    *(
        "message",
        "parent",
        "shown",
        "role",
        "status",
        "text",
        "reasoning",
        "model",
        "error",
        "finish_reason",
    ),
    *("prompt_tokens", "cached_tokens", "completion_tokens", "usage_estimated", "cost_usd"),
    *("created_at", "started_at", "first_token_at", "finished_at"),
    *("feedback", "feedback_reason", "feedback_comment"),
)


def columns(talk: Talk, *, with_names: bool) -> list[Any]:
    return [
        talk.review.pk,
        talk.review.person,
        names(talk)["username"] if with_names else "",
        talk.conversation.title,
        talk.review.state,
        talk.review.verdict.name if talk.review.verdict else "",
    ]


def cells(of: Message, *, is_shown: bool) -> list[Any]:
    given = of.given_feedback
    times = (of.created_at, of.started_at, of.first_token_at, of.finished_at)
    return [
        *(of.pk, of.parent_id, int(is_shown), of.role, of.status),
        *(of.text, of.reasoning, of.model, of.error_code, of.finish_reason),
        *(of.prompt_tokens, of.cached_tokens, of.completion_tokens, int(of.usage_estimated)),
        None if of.cost_usd is None else f"{of.cost_usd:f}",
        *(moment.isoformat() if moment else None for moment in times),
        *((given.rating, given.reason, given.comment) if given else ("", "", "")),
    ]
