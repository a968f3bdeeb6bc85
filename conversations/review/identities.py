"""By which name the product calls an account: reviewers see pseudonyms, unless they may see who
users are. Only this module turns a pseudonym into a name.
"""

import re
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.users.models import LETTERS
from conversations.models import Conversation

SEE = "review.see_identities"
PSEUDONYM = re.compile(f"[{LETTERS}]{{8}}")


class Identities:
    """The names for one reader; those of many accounts are fetched at once."""

    def __init__(self, reader: User | AnonymousUser) -> None:
        self.reader = reader
        self.are_shown = reader.has_perm(SEE)
        self._names: dict[str, str] = {}

    def fetch(self, persons: Iterable[str]) -> None:
        """For `name` to ask nothing more; one query, none where names aren't shown."""
        unknown = set(persons) - self._names.keys() - {""}
        if self.are_shown and unknown:
            found = User.objects.filter(pseudonym__in=unknown)
            # Who is gone is known to be, so as not to be asked for again.
            self._names |= dict.fromkeys(unknown, "")
            self._names |= dict(found.values_list("pseudonym", "username"))

    def name(self, person: str) -> str:
        """What to call the account with this pseudonym: also of one that is gone."""
        if not person:
            return ""
        self.fetch([person])
        if name := self._names.get(person):
            return name
        if self.are_shown:
            return _("Erased user %(pseudonym)s") % {"pseudonym": person}
        return _("User %(pseudonym)s") % {"pseudonym": person}

    def require_pseudonym(self, name: str) -> str:
        """Return the pseudonym of whom a filter names, "" where it names nobody.

        Raises ValidationError when there is nobody of that name.
        """
        pseudonym = self.find_pseudonym(name) if name else ""
        if pseudonym is not None:
            return pseudonym
        raise ValidationError(
            _("There is no user called “%(name)s”.")
            if self.are_shown
            else _("“%(name)s” is no pseudonym: they have eight letters and digits."),
            params={"name": name},
        )

    def find_pseudonym(self, name: str) -> str | None:
        """Return the pseudonym that is meant by a name typed into a filter: a pseudonym or, for
        those who may see names, a username. None when there is nobody of that name.

        A pseudonym comes first, lest somebody take another's for a username and be found in their
        place.
        """
        name = name.strip()
        pseudonym = name.upper() if PSEUDONYM.fullmatch(name.upper()) else None
        if pseudonym and self._names.get(pseudonym):
            return pseudonym
        if self.are_shown:
            either = Q(username_key=fold_name(name)) | Q(pseudonym=pseudonym)
            found = dict(User.objects.filter(either).values_list("pseudonym", "username"))
            self._names |= found
            if found:
                return pseudonym if pseudonym in found else min(found)
        return pseudonym


def find_owner_pseudonym(conversation: Conversation) -> str:
    """Return the pseudonym of the conversation's owner. Where they deleted it while it was held,
    only its row in the queue knows; "" where there is neither.
    """
    if review := getattr(conversation, "review", None):
        return str(review.person)
    return conversation.owner.pseudonym if conversation.owner else ""
