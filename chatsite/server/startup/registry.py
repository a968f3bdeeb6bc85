"""What apps have to do with the start: triggers that may be missing, and sentences to print."""

from collections.abc import Callable, Iterable

type MissingCheck = Callable[[], bool]
type Notices = Callable[[], Iterable[str]]

# Whether something of the database is missing that migrating makes: an earlier attempt broke off.
MISSING_CHECKS: list[MissingCheck] = []
# What the person at the terminal should know, once the database is ready.
NOTICES: list[Notices] = []


def register_missing_check(check: MissingCheck) -> None:
    """For apps that make more than tables after migrating; in their `ready()`."""
    MISSING_CHECKS.append(check)


def register_notices(notices: Notices) -> None:
    """For apps; in their `ready()`."""
    NOTICES.append(notices)
