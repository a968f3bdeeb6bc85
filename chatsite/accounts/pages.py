"""The pages about one's own account, as the list beside each names them. An app that has one more
adds it in its `ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def show_always() -> bool:
    return True


@dataclass(frozen=True)
class AccountPage:
    # Of its URL.
    name: str
    label: str | Promise
    is_shown: Callable[[], bool] = show_always


ACCOUNT_PAGES = [
    AccountPage("account_profile", _("Profile")),
    AccountPage("mfa_index", _("Sign-in and security")),
    AccountPage("usersessions_list", _("Sessions")),
    AccountPage("account_usage", _("Usage")),
    AccountPage("my_data", _("My data")),
]


def add_account_page(page: AccountPage, *, after: str = "") -> None:
    """Add it once, however often this is called; at the end, or after the page of this name."""
    names = [each.name for each in ACCOUNT_PAGES]
    if page.name not in names:
        ACCOUNT_PAGES.insert(names.index(after) + 1 if after else len(names), page)
