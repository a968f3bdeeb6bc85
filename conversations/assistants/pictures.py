"""Pictures of assistants: of what was uploaded, a small square, made in the helper process."""

import hashlib

from django.utils.translation import gettext as _

from chatsite.core.connections import release_connection
from chatsite.core.errors import UserFacingError
from conversations.assistants.services import PictureChange
from conversations.attachments.reader import cut_square, describe_error
from conversations.attachments.reading.values import UnreadableFileError

SIZE = 128  # pixels
MOST_KEPT = 64 * 1024
MOST_UPLOADED = 10 * 1024 * 1024


class UnusablePictureError(UserFacingError):
    """What was uploaded can't be shown."""

    status = 422


def make_picture(user_id: int, content: bytes) -> PictureChange:
    """Blocks until it is made. Raises UnusablePictureError."""
    release_connection()
    try:
        square = cut_square(user_id, content, SIZE)
    except UnreadableFileError as error:
        raise UnusablePictureError(explain(error.code)) from error
    if len(square) > MOST_KEPT:
        raise UnusablePictureError(_("This picture can’t be made small enough. Try another one."))
    return PictureChange(square, hashlib.sha256(square).hexdigest()[:32])


def explain(code: str) -> str:
    if code in {"unknown_kind", "kind_not_allowed"}:
        return _("Choose an image: PNG, JPEG, WebP, GIF, AVIF or HEIC.")
    return describe_error(code)
