"""What becomes of pictures and files that the model's service refuses: the same reply is asked for
with their text instead, and that is remembered, so that later replies don't fail first.

One refusal may mean that this picture is a bad one, or that the service takes none at all; it
seldom says which. It takes none if it says so, or where it has refused two and never taken any; for
an hour then nothing of that kind is sent. Else the files of the newest message are sent as text
from now on: one that is bad never ends a conversation.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Collection, Sequence
from typing import Literal, cast

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError

from conversations.attachments.models import Attachment
from conversations.content import CONTINUE
from conversations.model_api import (
    BadRequestError,
    ChatMessage,
    MediaKind,
    MediaPart,
    ModelError,
    UnreadableFileError,
)
from conversations.model_api.parts import iterate_media, list_media, replace_media
from conversations.model_catalog.catalog import CatalogModel

logger = logging.getLogger(__name__)

type Verdict = Literal["taken", "doubted", "refused"]

# Seconds for which it is remembered that a service takes none, and that it has refused one.
REFUSED_FOR = 3600
# That it has taken one is remembered for longer: it says that a refusal is about the file.
TAKEN_FOR = 7 * 24 * 3600
# Too large for the service, or for a proxy before it: not for the model's context.
TOO_LARGE = 413
# What services answer that take none, where they don't answer 400 (llama.cpp, OpenRouter).
ODD_STATUSES = (404, 500, 501)

NAMES: dict[MediaKind, re.Pattern[str]] = {
    "image": re.compile(r"image|picture|vision|mmproj|multi.?modal", re.IGNORECASE),
    "file": re.compile(r"\bfiles?\b|file_data|pdf|document", re.IGNORECASE),
}
# That none is taken, and not only this one.
UNSUPPORTED = re.compile(
    r"(?:not|n.t) (?:yet )?(?:support|accept|allow|enabled|permitted)|\bno\b.{0,40} support"
    r"|unsupported (?:content|part|input)|only supported by|mmproj|text.only|at most 0"
    r"|not (?:an? )?(?:multi.?modal|vision)|must be an? string"
    r"|(?:expected|valid|input).{0,20} string|unknown (?:part|content)",
    re.IGNORECASE | re.DOTALL,
)
# That it is about this one, whatever else is said.
BAD = re.compile(
    r"format|corrupt|damaged|truncated|decod|pars(?:e|ing)|dimension|pixel|polic|safety|moderat"
    r"|too (?:large|big|small)|(?:invalid|bad|broken|empty) (?:image|picture|file|pdf|document)",
    re.IGNORECASE,
)


class FileFallback:
    """What happens to the media of one reply's request."""

    def __init__(self, model: CatalogModel) -> None:
        self._model = model.identifier
        seen: dict[MediaKind, bool] = {"image": model.reads_images, "file": model.reads_files}
        self._unseen = {kind for kind, is_seen in seen.items() if not is_seen}
        self._asked: list[ChatMessage] = []
        self._refusals: dict[MediaKind, ModelError] = {}
        self._replaced: list[MediaPart] = []

    def prepare(self, messages: Sequence[ChatMessage]) -> list[ChatMessage]:
        """Return the `messages` array without what the model doesn't read, or the service is known
        to refuse.
        """
        self._asked = list(messages)
        refused = {kind for kind in list_kinds(messages) if recall(self._model, kind) == "refused"}
        refused |= self._unseen
        return self._replace(self._asked, lambda part: part.kind in refused)

    def find_other_way(
        self, error: ModelError, messages: Sequence[ChatMessage]
    ) -> list[ChatMessage] | None:
        """Return what to ask instead after such an error; None where that would change nothing."""
        kinds = list_kinds(messages)
        if kinds and isinstance(error, UnreadableFileError):
            logger.error("a file can't be read, its text is sent: %s", error)
            return self._replace(messages, lambda part: part.key == error.key)
        if not kinds or not is_refusal(error):
            return None
        named = {kind for kind in kinds if NAMES[kind].search(error.detail)} or kinds
        self._refusals |= dict.fromkeys(named, error)
        return self._replace(messages, lambda part: part.kind in named)

    def conclude(self, sent: Sequence[ChatMessage]) -> None:
        """Remember what the reply, which has come, tells of the service and of these files."""
        for kind in list_kinds(sent):
            remember(self._model, kind, "taken", TAKEN_FOR)
        bad = [kind for kind, error in self._refusals.items() if self._judge(kind, error) == "file"]
        newest = list_newest_media(self._asked)
        mark_text_only([part.key for part in newest if part.kind in bad])

    def has_lost_newest(self) -> bool:
        """Return whether the newest message has lost a file of which only the name is told."""
        lost = {part.key for part in self._replaced if not part.is_told}
        said = (entry["content"] for entry in reversed(self._asked) if entry["role"] == "user")
        newest = next((content for content in said if content != CONTINUE), "")
        return any(part.key in lost for part in iterate_media(newest))

    def _replace(
        self, messages: Sequence[ChatMessage], is_meant: Callable[[MediaPart], bool]
    ) -> list[ChatMessage]:
        self._replaced += filter(is_meant, list_media(messages))
        return replace_media(messages, is_meant)

    def _judge(self, kind: MediaKind, error: ModelError) -> Literal["service", "file"]:
        """Return what a refusal was about, and remember it of a service."""
        known = recall(self._model, kind)
        if error.status == TOO_LARGE or known == "taken" or BAD.search(error.detail):
            return "file"
        if UNSUPPORTED.search(error.detail) or known == "doubted":
            logger.warning("the model's service takes no parts of kind %s: %s", kind, error)
            remember(self._model, kind, "refused", REFUSED_FOR)
            return "service"
        remember(self._model, kind, "doubted", REFUSED_FOR)
        return "file"


def list_kinds(messages: Sequence[ChatMessage]) -> set[MediaKind]:
    return {part.kind for part in list_media(messages)}


def list_newest_media(messages: Sequence[ChatMessage]) -> list[MediaPart]:
    """Return those of the newest entry that has any."""
    media = (list(iterate_media(message["content"])) for message in reversed(messages))
    return next(filter(None, media), [])


def is_refusal(error: ModelError) -> bool:
    """Return whether a request with media may have failed for them."""
    if isinstance(error, BadRequestError) or error.status == TOO_LARGE:
        return True
    return error.status in ODD_STATUSES and bool(NAMES["image"].search(error.detail))


def recall(model: str, kind: MediaKind) -> Verdict | None:
    return cast("Verdict | None", cache.get(make_cache_key(model, kind)))


def remember(model: str, kind: MediaKind, verdict: Verdict, seconds: int) -> None:
    cache.set(make_cache_key(model, kind), verdict, seconds)


def make_cache_key(model: str, kind: MediaKind) -> str:
    service = f"{settings.AIMLAPI_BASE_URL} {model}"
    return f"file-fallback:{kind}:{hashlib.sha256(service.encode()).hexdigest()}"


def mark_text_only(keys: Collection[str]) -> None:
    """Have the text of these files, and of others with the same content, sent from now on."""
    if not keys:
        return
    same = Attachment.objects.filter(pk__in=keys).exclude(content_key="").values("content_key")
    try:
        Attachment.objects.filter(content_key__in=same).update(sent_as=Attachment.SentAs.TEXT)
    except DatabaseError:
        # The next reply finds out again.
        logger.warning("that files were refused can't be saved", exc_info=True)
