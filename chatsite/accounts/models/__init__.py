"""Who people are, how they get in, and how much they may use."""

from chatsite.accounts.models.budgets import Limit, RecentMessage, UsageDay
from chatsite.accounts.models.invitations import Invitation
from chatsite.accounts.models.policy import SitePolicy
from chatsite.accounts.models.users import User, time_zones, validate_time_zone

__all__ = [
    "Invitation",
    "Limit",
    "RecentMessage",
    "SitePolicy",
    "UsageDay",
    "User",
    "time_zones",
    "validate_time_zone",
]
