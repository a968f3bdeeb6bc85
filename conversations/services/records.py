"""A conversation as something to keep: a record with everything, and Markdown to read."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from conversations.content import list_files
from conversations.folders import Folder
from conversations.instructions.composing import read_own
from conversations.models import AssistantVersion, Attachment, Conversation, Feedback, Message
from conversations.status_messages import find_status_message

MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|<>~$&]")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def make_conversation_record(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.pk,
        "title": conversation.title,
        "title_from": conversation.title_source,
        "model": conversation.model,
        "system_prompt": conversation.system_prompt,
        "system_prompt_parts": conversation.prompt_parts,
        "parameters": conversation.parameters,
        "assistant": make_assistant_record(conversation.assistant_version),
        "pinned": conversation.pinned,
        "archived": conversation.archived,
        "folder": conversation.folder.name if conversation.folder else None,
        "created_at": conversation.created_at,
        "last_activity_at": conversation.last_activity_at,
        "shown_branch_ends_with": conversation.leaf_id,
    }


def make_assistant_record(version: AssistantVersion | None) -> dict[str, Any] | None:
    """Return which assistant a conversation has, and which version of it."""
    if version is None:
        return None
    return {
        "id": version.assistant_id,
        "name": version.name,
        "version": version.number,
        "parameters": version.parameters,
    }


def make_folder_record(folder: Folder) -> dict[str, Any]:
    return {"name": folder.name, "color": folder.color, "created_at": folder.created_at}


def make_message_record(message: Message) -> dict[str, Any]:
    """All of it but what is made from it (the HTML) or for one process alone (its writer). Feedback
    where it was read along; files are read with many messages at once (load_files).
    """
    return {
        "id": message.pk,
        "parent": message.parent_id,
        "role": message.role,
        "status": message.status,
        "text": message.text,
        "told_with_it": message.context_note,
        "files": [make_file_record(file) for file in list_files(message)],
        "edited_by_user": message.is_edited,
        "instruction": message.instruction,
        "copied_from": message.copied_from,
        "reasoning": message.reasoning,
        "model": message.model,
        "requested_model": message.requested_model,
        "parameters": message.parameters,
        "error": message.error_code,
        "finish_reason": message.finish_reason,
        "prompt_tokens": message.prompt_tokens,
        "cached_tokens": message.cached_tokens,
        "completion_tokens": message.completion_tokens,
        "cost_usd": message.cost_usd,
        "context_began_with": message.context_start,
        "created_at": message.created_at,
        "started_at": message.started_at,
        "first_token_at": message.first_token_at,
        "finished_at": message.finished_at,
        "feedback": make_feedback_record(message.given_feedback),
    }


def make_file_record(file: Attachment) -> dict[str, Any]:
    return {
        "id": file.pk,
        "name": file.name,
        "kind": file.kind,
        "media_type": file.media_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "pages": file.pages,
        "sent_as": file.sent_as,
        "sent_pages": file.sent_pages,
        "uploaded_at": file.created_at,
    }


def make_feedback_record(feedback: Feedback | None) -> dict[str, Any] | None:
    if feedback is None:
        return None
    return {
        "rating": feedback.rating,
        "reason": feedback.reason,
        "comment": feedback.comment,
        "created_at": feedback.created_at,
        "changed_at": feedback.changed_at,
    }


def make_instructions_record(user: User) -> dict[str, Any]:
    """What a user has the model told, as a part of the record of their account."""
    own = read_own(user)
    return {
        "instructions": own
        and {
            "about_me": own.about_me,
            "how_to_reply": own.how_to_reply,
            "used_in_new_chats": own.is_on,
        }
    }


def make_request_records(user: User) -> dict[str, Any]:
    """What the model was asked for beside replies, as a part of the record of an account."""
    requests = user.model_requests.order_by("pk")
    return {
        "requests_to_the_model": [
            {
                "conversation": request.conversation_id,
                "for": request.kind,
                "model": request.model,
                "prompt_tokens": request.prompt_tokens,
                "cached_tokens": request.cached_tokens,
                "completion_tokens": request.completion_tokens,
                "cost_usd": request.cost_usd,
                "usage_estimated": request.usage_estimated,
                "started_at": request.started_at,
                "finished_at": request.finished_at,
            }
            for request in requests.iterator()
        ]
    }


def format_markdown_head(conversation: Conversation, zone: tzinfo) -> str:
    facts = [
        f"# {conversation.title}",
        _("Begun %(time)s, model %(model)s.")
        % {"time": format_moment(conversation.created_at, zone), "model": conversation.model},
    ]
    if conversation.system_prompt:
        facts += [f"## {_('Instructions')}", close_fence(conversation.system_prompt)]
    return join_paragraphs(facts)


def format_markdown_messages(
    messages: Iterable[Message], shown: Collection[int], zone: tzinfo
) -> Iterator[str]:
    """Those of the shown branch, each under a heading that says who and when."""
    for message in messages:
        if message.pk not in shown:
            continue
        who = _("You") if message.is_user else (message.model or _("The model"))
        parts = [
            f"## {who}, {format_moment(message.created_at, zone)}",
            f"*{_('Edited by you.')}*" if message.is_edited else "",
            list_file_names(message),
            quote_thinking(message.reasoning),
            close_fence(message.text),
        ]
        if message.is_running:
            parts.append(f"*{_('This reply was still being written.')}*")
        elif said := find_status_message(message):
            parts.append(f"*{said.sentence}*")
        yield join_paragraphs(parts)


def list_file_names(message: Message) -> str:
    """Return a list of its files, with what each is and its size."""
    return "\n".join(
        f"- {escape_markdown(file.name)} ({file.get_kind_display()}, {filesizeformat(file.size)})"
        for file in list_files(message)
    )


def escape_markdown(line: str) -> str:
    """Return a line as it is read: nothing in it is markup."""
    return MARKUP.sub(r"\\\g<0>", line)


def quote_thinking(reasoning: str) -> str:
    """Set apart from the answer, in whatever Markdown it is."""
    if not reasoning.strip():
        return ""
    lines = [f"*{_('Thinking')}*", "", *reasoning.strip().splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def join_paragraphs(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n\n" for part in parts if part)


def format_moment(moment: datetime, zone: tzinfo) -> str:
    return date_format(moment.astimezone(zone), "j F Y, H:i")


def close_fence(text: str) -> str:
    """The text as it is; a code block that a stopped reply left open would swallow what follows."""
    open_run = ""
    for line in text.splitlines():
        fence = FENCE.match(line)
        if not fence:
            continue
        run, rest = fence[1], fence[2]
        if not open_run and not (run[0] == "`" and "`" in rest):
            open_run = run
        elif run.startswith(open_run or " ") and not rest.strip():
            open_run = ""
    return f"{text}\n{open_run}" if open_run else text
