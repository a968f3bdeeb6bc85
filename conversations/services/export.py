"""Everything of one user as a ZIP, made while it is sent.

Memory holds two pages of messages and what isn't sent yet. Between two pieces no database
connection is held and no transaction is open: the ZIP is not of one moment, and says when it was
made. What costs time, writing JSON and compressing, is done away from the event loop.

A later subject adds its fields to the records (`transcripts`, accounts' `account_record.py`), or
a file of its own to `members`.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override

from chatsite.accounts.erasure.account_record import build_account_record
from chatsite.accounts.models import User
from chatsite.core.connections import release_connection
from chatsite.core.file_names import file_name
from chatsite.core.offload import offload
from conversations import queries
from conversations.assistants import queries as assistants
from conversations.assistants.transfer import describe_assistant
from conversations.attachments import storage
from conversations.attachments.queries import load_files
from conversations.models import Conversation, Message
from conversations.prompt_library import queries as prompts
from conversations.prompt_library.files import write_file
from conversations.services import records
from conversations.tree import collect_branch_ids

# Messages read at a time, and bytes sent at a time.
PAGE = 100
CHUNK = 64 * 1024

# A part of a file, made when it is written.
type Part = Callable[[], str | bytes]


@dataclass(frozen=True)
class ArchiveMember:
    name: str
    parts: Iterable[Part]


class MessagePages:
    """Of one conversation, a page at a time; of a short one there is one, which is read once."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def pages(self) -> Iterator[list[Message]]:
        page = self.first
        while page:
            yield page
            page = self.after(page[-1].pk) if len(page) == PAGE else []

    @cached_property
    def first(self) -> list[Message]:
        return self.after(0)

    def after(self, pk: int) -> list[Message]:
        found = self.conversation.messages.filter(pk__gt=pk).select_related("feedback")
        page = list(found.defer("html")[:PAGE])
        load_files(page)
        return page


class ArchiveBuffer:
    """What a ZIP is written to: it only grows, and is emptied as it is sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """As files have it; nothing waits here."""

    def close(self) -> None:
        """The same."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return taken


def make_archive(*, user: User) -> Iterator[bytes]:
    """The ZIP in pieces, in the language that is spoken now."""
    return write_archive(user, get_language())


def write_archive(user: User, language: str | None) -> Iterator[bytes]:
    outlet = ArchiveBuffer()
    packed = zipfile.ZipFile(outlet, "w")
    now = timezone.localtime(timezone=user.zone).timetuple()[:6]
    for member in list_members(user):
        entry = zipfile.ZipInfo(member.name, now)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with packed.open(entry, "w") as file:
            for part in member.parts:
                offload(write_part, file, part, language)
                if outlet.size >= CHUNK:
                    release_connection()
                    yield outlet.take()
    packed.close()
    release_connection()
    yield outlet.take()


def write_part(file: IO[bytes], part: Part, language: str | None) -> None:
    """In whatever thread, each of which speaks its own language."""
    with override(language):
        made = part()
        file.write(made.encode("utf-8", "replace") if isinstance(made, str) else made)


def list_members(user: User) -> Iterator[ArchiveMember]:
    yield ArchiveMember("README.txt", [partial(render_read_me, user)])
    record = build_account_record(user) | {"made_at": timezone.now()}
    yield ArchiveMember("account.json", [partial(to_json, record)])
    taken: set[str] = set()
    if folders := [records.make_folder_record(folder) for folder in queries.list_folders(user)]:
        yield ArchiveMember("folders.json", [partial(to_json, folders)])
    if prompts.list_own(user).exists():
        yield ArchiveMember("prompts.json", make_prompts_parts(user))
    if assistants.list_made(user).exists():
        yield ArchiveMember("assistants.json", make_assistants_parts(user))
    found = queries.list_own(user).select_related("folder", "assistant_version")
    conversations = found.order_by("created_at", "pk")
    for pk in list(conversations.values_list("pk", flat=True)):
        # None when it was deleted since the download began.
        if conversation := conversations.filter(pk=pk).first():
            yield from list_conversation_members(conversation, user, taken)


def make_assistants_parts(user: User) -> Iterator[Part]:
    """One JSON document, an assistant at a time, with each version as it is exported."""
    made = assistants.list_made(user)
    separator = "[\n"
    for pk in list(made.values_list("pk", flat=True)):
        if assistant := made.filter(pk=pk).first():
            yield partial("".join, [separator, to_json(describe_assistant(assistant))])
            separator = ",\n"
    yield lambda: "]\n"


def make_prompts_parts(user: User) -> Iterator[Part]:
    """As the prompt library's own download, which can be imported again."""
    for piece in write_file(prompts.iterate_own(user)):
        yield partial(str, piece)


def list_conversation_members(
    conversation: Conversation, user: User, taken: set[str]
) -> Iterator[ArchiveMember]:
    name = f"conversations/{make_unique_name(conversation, user, taken)}"
    messages = MessagePages(conversation)
    parents: dict[int, int | None] = {}
    yield ArchiveMember(f"{name}.json", make_json_parts(messages, parents))
    yield ArchiveMember(f"{name}.md", make_markdown_parts(messages, parents, user))
    yield from list_file_members(conversation, name)


def list_file_members(conversation: Conversation, name: str) -> Iterator[ArchiveMember]:
    """Yield the files of its messages, each content once."""
    files = conversation.attachments.defer("text").order_by("message", "position")
    seen: set[str] = set()
    for file in files:
        output = file.saved_output
        if file.content_key in seen or not storage.has_content(file.content_key, [output]):
            continue
        seen.add(file.content_key)
        yield ArchiveMember(
            f"{name} files/{file.pk.hex[:8]} {file.name}", read_parts(file.content_key, output)
        )


def read_parts(content_key: str, output: str) -> Iterator[Part]:
    for piece in storage.stream_content(content_key, output):
        yield partial(bytes, piece)


def make_unique_name(conversation: Conversation, user: User, taken: set[str]) -> str:
    """Date, title and the beginning of the id; all of the id where that has been taken."""
    begun = conversation.created_at.astimezone(user.zone).date().isoformat()
    stem = f"{begun} {file_name(conversation.title)}".rstrip()
    name = f"{stem} {conversation.pk.hex[:8]}"
    if name.casefold() in taken:
        name = f"{stem} {conversation.pk.hex}"
    taken.add(name.casefold())
    return name


def make_json_parts(messages: MessagePages, parents: dict[int, int | None]) -> Iterator[Part]:
    """One JSON document, a page of messages at a time; notes down who is whose parent."""
    head = to_json(records.make_conversation_record(messages.conversation)).removesuffix("\n}\n")
    yield lambda: f'{head},\n  "messages": ['
    separator = "\n"
    for page in messages.pages():
        parents |= {message.pk: message.parent_id for message in page}
        yield partial(format_json_messages, page, separator)
        separator = ",\n"
    yield lambda: "\n  ]\n}\n"


def format_json_messages(messages: list[Message], separator: str) -> str:
    lines = (to_json(records.make_message_record(each), indent=None) for each in messages)
    return separator + ",\n".join(f"    {line}" for line in lines)


def make_markdown_parts(
    messages: MessagePages, parents: dict[int, int | None], user: User
) -> Iterator[Part]:
    shown = collect_branch_ids(parents, messages.conversation.leaf_id)
    yield partial(records.format_markdown_head, messages.conversation, user.zone)
    for page in messages.pages():
        yield partial("".join, records.format_markdown_messages(page, shown, user.zone))


class AmountEncoder(DjangoJSONEncoder):
    """Amounts in digits: "0.00000001" and not "1E-8"."""

    def default(self, o: Any) -> Any:
        return f"{o:f}" if isinstance(o, Decimal) else super().default(o)


def to_json(value: Any, indent: int | None = 2) -> str:
    text = json.dumps(value, cls=AmountEncoder, ensure_ascii=False, indent=indent)
    return text if indent is None else f"{text}\n"


def render_read_me(user: User) -> str:
    context = {"user": user, "now": timezone.localtime(timezone=user.zone), "zone": user.zone.key}
    return render_to_string("accounts/erasure/data_read_me.txt", context)
