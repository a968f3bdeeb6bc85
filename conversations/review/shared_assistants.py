"""The assistants that reviewers can choose from: those that are shared."""

from django.db.models import Q

from chatsite.redis import local_copies
from conversations.models import Assistant

MOST = 200

# Id and name.
type Pairs = list[tuple[str, str]]


def list_shared_assistants() -> Pairs:
    """Return them by name; also what was removed since. What is new among them may be seen a moment
    late.
    """
    return local_copies.get_copy("shared-assistants", _read)


def _read() -> Pairs:
    shared = Q(is_for_all=True) | Q(groups__isnull=False)
    found = Assistant.objects.filter(shared, latest__isnull=False).distinct()
    rows = found.order_by("latest__name").values_list("pk", "latest__name")[:MOST]
    return [(str(pk), name) for pk, name in rows]
