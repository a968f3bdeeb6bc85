"""Who people are, how they get in, and how much they may use."""

from chatsite.accounts.budgets.models import Limit, RecentMessage, UsageDay
from chatsite.accounts.invitations.models import Invitation
from chatsite.accounts.policy.models import SitePolicy
from chatsite.accounts.users.models import User, list_time_zones, validate_time_zone

__all__ = [
    "Invitation",
    "Limit",
    "RecentMessage",
    "SitePolicy",
    "UsageDay",
    "User",
    "list_time_zones",
    "validate_time_zone",
]
