"""Why a file can't be taken, as its owner is told.

FileRefusedError            it can't be taken, now or later
├── FileTooLargeError       413
UploadConflictError         the piece doesn't begin where the last one ended
FileBusyError               it can't be read now; what has come stays, and is read when it is
                            asked for again
FileNotSavedError           the storage doesn't take it: a full disk, a bucket that refuses;
                            what has come stays
"""

from django.utils.translation import gettext as _

from chatsite.core.errors import UserFacingError


class FileRefusedError(UserFacingError):
    """The file can't be taken."""

    status = 422


class FileTooLargeError(FileRefusedError):
    """There is more of it than may be."""

    status = 413


class FileBusyError(UserFacingError):
    """It can't be read now."""

    status = 503


class FileNotSavedError(UserFacingError):
    """The storage doesn't take it."""

    status = 507


class UploadConflictError(UserFacingError):
    """A piece that doesn't begin where the last one ended; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(_("A part of this file is missing. Try again."))
        self.received = received
