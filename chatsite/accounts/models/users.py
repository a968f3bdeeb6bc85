"""Where migration 0003 finds `make_pseudonym`; the model is in `chatsite.accounts.users.models`."""

from chatsite.accounts.users.models import make_pseudonym

__all__ = ["make_pseudonym"]
