"""How much room somebody's files take, for the page of their usage: who keeps files says so in its
`ready()`, as accounts know nothing of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chatsite.accounts.models import User


@dataclass(frozen=True)
class StorageUse:
    """Bytes, of at most so many; None where nothing limits them."""

    size: int
    limit: int | None

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.size / self.limit)) if self.limit else 0


_measures: dict[str, Callable[[User], StorageUse]] = {}


def register_storage(measure: Callable[[User], StorageUse]) -> None:
    _measures["files"] = measure


def measure_storage(user: User) -> StorageUse | None:
    """None where nobody keeps any."""
    measure = _measures.get("files")
    return measure(user) if measure else None
