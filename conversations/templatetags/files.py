"""Files in pages: what may be attached, and how large a picture is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.attachments.limits import FileLimits, read_limits_of
from conversations.attachments.models import Attachment
from conversations.attachments.reader import describe_error

register = template.Library()

# The longer side of a picture that stands alone, in CSS pixels.
SHOWN_SIZE = 352
KINDS_BY_TYPE = {"image/*": "image", "application/pdf": "pdf"}


@dataclass(frozen=True)
class Box:
    width: int
    height: int


@register.simple_tag(takes_context=True)
def file_limits(context: Context) -> FileLimits:
    """Return those that hold for who looks at the page: of the limits that its view has read
    already (`held_limits`), or else of a query.
    """
    return read_limits_of(context["request"].user, context.get("held_limits"))


@register.filter
def accepted_types(limits: FileLimits) -> str:
    """Return what a picker offers: pictures are named, as phones offer their camera for these; and
    anything where text is taken, of which no browser knows all kinds.
    """
    types = [media_type for media_type, kind in KINDS_BY_TYPE.items() if kind in limits.kinds]
    if limits.kinds - set(KINDS_BY_TYPE.values()):
        types.append("*/*")
    return ",".join(types)


@register.simple_tag
def kind_not_allowed() -> str:
    """Return what is said of a file of a kind that isn't taken, wherever it is found out."""
    return describe_error("kind_not_allowed")


@register.filter
def sent_as(file: Attachment) -> str:
    """Return what the model gets of a file where that isn't the whole of it, in words."""
    match file.sent_as:
        case Attachment.SentAs.TEXT:
            return _("text only")
        case Attachment.SentAs.LOW_DETAIL:
            return _("low detail")
        case Attachment.SentAs.PAGES:
            return ngettext(
                "first of %(pages)d pages",
                "first %(count)d of %(pages)d pages",
                file.sent_pages or 0,
            ) % {"count": file.sent_pages, "pages": file.pages}
    return ""


@register.filter
def only_pictures(files: Iterable[Attachment]) -> list[Attachment]:
    return [file for file in files if file.is_image]


@register.filter
def shown_box(file: Attachment) -> Box:
    """Return the width and height in which a picture stands alone: known to the page before the
    picture is, so that nothing jumps.
    """
    width, height = file.width or SHOWN_SIZE, file.height or SHOWN_SIZE
    scale = min(1, SHOWN_SIZE / max(width, height))
    return Box(max(1, round(width * scale)), max(1, round(height * scale)))
