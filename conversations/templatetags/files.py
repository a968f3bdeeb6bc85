"""Files in pages: what may be attached, and how large a picture is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from conversations.attachments.limits import FileLimits, read_limits
from conversations.attachments.models import Attachment

register = template.Library()

# The longer side of a picture that stands alone, in CSS pixels.
SHOWN_SIZE = 352
KINDS_BY_TYPE = {"image/*": "image", "application/pdf": "pdf"}


@dataclass(frozen=True)
class Box:
    width: int
    height: int


@register.simple_tag
def file_limits() -> FileLimits:
    """Return those of the site: a user's own are found out when a file is announced, as each page
    would ask for them.
    """
    return read_limits()


@register.filter
def accepted_types(limits: FileLimits) -> str:
    """Return what a picker offers: pictures are named, as phones offer their camera for these; and
    anything where text is taken, of which no browser knows all kinds.
    """
    types = [media_type for media_type, kind in KINDS_BY_TYPE.items() if kind in limits.kinds]
    if limits.kinds - set(KINDS_BY_TYPE.values()):
        types.append("*/*")
    return ",".join(types)


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
