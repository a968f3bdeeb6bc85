"""What an export says of a conversation and of a message, as JSON has it and as a table has it."""

from typing import Any

from chatsite.accounts.models import User
from conversations.instructions.parts import PromptParts
from conversations.models import Message
from conversations.review.exports.reading import ExportedConversation
from conversations.review.models import Hold, Review
from conversations.services.records import make_conversation_record, make_message_record


def build_conversation(exported: ExportedConversation, *, with_names: bool) -> dict[str, Any]:
    record = {
        **make_conversation_record(exported.conversation),
        "user": exported.review.person,
        **(build_names(exported) if with_names else conceal_name(exported)),
        "review": build_review(exported.review),
        "labels": exported.labels,
        "judgements": [
            {
                "verdict": each.verdict and each.verdict.name,
                "is_reviewed": each.is_reviewed,
                "comment": each.comment,
                "by": get_username(each.reviewer),
                "at": each.created_at,
            }
            for each in exported.decisions
        ],
        "notes": [
            {
                "message": each.message_id,
                "text": each.text,
                "by": get_username(each.author),
                "at": each.created_at,
            }
            for each in exported.notes
        ],
        "flags": [
            {
                "message": each.message_id,
                "rule": each.rule and each.rule.name,
                "by": get_username(each.reviewer),
                "at": each.created_at,
            }
            for each in exported.flags
        ],
    }
    return record | ({"hold": build_hold(exported.hold, exported)} if exported.hold else {})


def conceal_name(exported: ExportedConversation) -> dict[str, Any]:
    """Return what the model is told, with a pseudonym where the owner's name stands in it."""
    conversation = exported.conversation
    parts = PromptParts.from_stored(conversation.prompt_parts, conversation.system_prompt)
    concealed = parts.conceal_name(exported.review.person)
    return {
        "system_prompt": conversation.system_prompt if concealed is parts else concealed.compose(),
        "system_prompt_parts": concealed.to_stored(),
    }


def build_names(exported: ExportedConversation) -> dict[str, str]:
    """Return the owner's names; of one who has deleted it or is gone, as the hold has them."""
    if owner := exported.conversation.owner:
        return {"username": owner.username, "name": owner.name, "email": owner.email}
    if exported.hold:
        return {
            "username": exported.hold.owner_username,
            "name": exported.hold.owner_name,
            "email": exported.hold.owner_email,
        }
    return {"username": "", "name": "", "email": ""}


def build_review(review: Review) -> dict[str, Any]:
    return {
        "state": review.state,
        "verdict": review.verdict and review.verdict.name,
        "assignee": get_username(review.assignee),
        "reviewed_at": review.reviewed_at,
        "message_count": review.message_count,
        "tokens": review.tokens,
        "cost_usd": review.cost_usd,
        "thumbs_up": review.thumbs_up,
        "thumbs_down": review.thumbs_down,
        "flag_count": review.flag_count,
    }


def build_hold(hold: Hold, exported: ExportedConversation) -> dict[str, Any]:
    return {
        "reason": hold.reason,
        "by": get_username(hold.placed_by),
        "at": hold.placed_at,
        "deleted_by_owner": exported.conversation.owner_id is None,
    }


def get_username(reviewer: User | None) -> str | None:
    return reviewer.username if reviewer else None


def build_message(message: Message, *, is_shown: bool) -> dict[str, Any]:
    return {
        **make_message_record(message),
        "usage_estimated": message.usage_estimated,
        "shown": is_shown,
    }


# Column → what is in it.

HEADINGS = (
    *(
        "conversation",
        "user",
        "username",
        "title",
        "state",
        "verdict",
        "assistant",
        "assistant_version",
    ),
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
        "requested_model",
    ),
    *("prompt_tokens", "cached_tokens", "completion_tokens", "usage_estimated", "cost_usd"),
    *("created_at", "started_at", "first_token_at", "finished_at"),
    *("feedback", "feedback_reason", "feedback_comment"),
)


def list_conversation_cells(exported: ExportedConversation, *, with_names: bool) -> list[Any]:
    version = exported.conversation.assistant_version
    return [
        exported.review.pk,
        exported.review.person,
        build_names(exported)["username"] if with_names else "",
        exported.conversation.title,
        exported.review.state,
        exported.review.verdict.name if exported.review.verdict else "",
        *((version.name, version.number) if version else ("", "")),
    ]


def list_message_cells(message: Message, *, is_shown: bool) -> list[Any]:
    given = message.given_feedback
    times = (message.created_at, message.started_at, message.first_token_at, message.finished_at)
    return [
        *(message.pk, message.parent_id, int(is_shown), message.role, message.status),
        *(
            message.text,
            message.reasoning,
            message.model,
            message.error_code,
            message.finish_reason,
            message.requested_model,
        ),
        *(
            message.prompt_tokens,
            message.cached_tokens,
            message.completion_tokens,
            int(message.usage_estimated),
        ),
        None if message.cost_usd is None else f"{message.cost_usd:f}",
        *(moment.isoformat() if moment else None for moment in times),
        *((given.rating, given.reason, given.comment) if given else ("", "", "")),
    ]
