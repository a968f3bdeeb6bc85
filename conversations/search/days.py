"""The range of ids in which all messages of a span of time are."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import BooleanField, Max, Min, Q
from django.db.models.expressions import RawSQL

from conversations.search.models import MessageDay


@dataclass(frozen=True)
class IdRange:
    """A range of ids, both ends included; None where there is no end."""

    first: int | None = None
    last: int | None = None

    def condition(self, name: str) -> Q:
        ends = {f"{name}__gte": self.first, f"{name}__lte": self.last}
        return Q(**{lookup: end for lookup, end in ends.items() if end is not None})

    def joined_conditions(self) -> list[RawSQL]:
        """Return the same of messages joined for the sake of their time: what PostgreSQL doesn't
        conclude by itself, and reads all of them from the newest on.
        """
        if connection.vendor != "postgresql":
            return []
        ends = (("<=", self.last), (">=", self.first))
        return [
            RawSQL(f"conversations_message.id {sign} %s", [end], BooleanField())  # noqa: S611
            for sign, end in ends
            if end is not None
        ]

    def below(self, place: int | None) -> "IdRange":
        if place is None:
            return self
        return IdRange(self.first, min(place - 1, self.last if self.last is not None else place))


def find_id_range(since: datetime | None, until: datetime | None) -> IdRange:
    """Find the range. Ids grow with time, unless somebody brings old messages in: then it is
    wider than need be, but never too narrow.
    """
    if since is None and until is None:
        return IdRange()
    days = MessageDay.objects.all()
    if since:
        days = days.filter(day__gte=since.astimezone(UTC).date())
    if until:
        days = days.filter(day__lte=until.astimezone(UTC).date())
    ends = days.aggregate(first=Min("first"), last=Max("last"))
    if ends["first"] is None:
        # No message at all.
        return IdRange(first=1, last=0)
    return IdRange(ends["first"] if since else None, ends["last"] if until else None)
