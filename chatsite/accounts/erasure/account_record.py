"""What the site knows of one account, for its user to take away: everything but secrets. An app
that keeps more of an account adds to the record in its `ready()`.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from chatsite.accounts.models import Limit, UsageDay, User
from chatsite.accounts.users.services import get_role

# Each returns a part of the record.
record_parts: list[Callable[[User], dict[str, Any]]] = []


def add_record_part(part: Callable[[User], dict[str, Any]]) -> None:
    """Add it once, however often this is called."""
    if part not in record_parts:
        record_parts.append(part)


def build_account_record(user: User) -> dict[str, Any]:
    record = {
        "profile": describe_profile(user),
        "preferences": {
            "time_zone": user.time_zone,
            "language": user.language,
            "theme": user.theme,
        },
        "email_addresses": [
            {"address": each.email, "verified": each.verified, "primary": each.primary}
            for each in EmailAddress.objects.filter(user=user)
        ],
        "second_factors": [
            describe_second_factor(each) for each in Authenticator.objects.filter(user=user)
        ],
        "single_sign_on": [
            {
                "provider": each.provider,
                "id": each.uid,
                "connected_at": each.date_joined,
                "last_sign_in_at": each.last_login,
                "told_by_the_provider": each.extra_data,
            }
            for each in SocialAccount.objects.filter(user=user)
        ],
        "sessions": [
            {
                "began_at": each.created_at,
                "last_seen_at": each.last_seen_at,
                "ip_address": each.ip,
                "browser": each.user_agent,
            }
            for each in UserSession.objects.filter(user=user).order_by("created_at")
        ],
        "limits": [describe_limit(each) for each in Limit.objects.filter(user=user)],
        "usage_by_day": [
            {
                "day": each.day,
                "messages": each.messages,
                "prompt_tokens": each.prompt_tokens,
                "completion_tokens": each.completion_tokens,
                "cost_usd": each.cost_usd,
            }
            for each in UsageDay.objects.filter(user=user).order_by("day")
        ],
    }
    for part in record_parts:
        record |= part(user)
    return record


def describe_profile(user: User) -> dict[str, Any]:
    return {
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "role": get_role(user).value,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "joined_at": user.date_joined,
        "last_sign_in_at": user.last_login,
        "has_password": user.has_usable_password(),
        "invited_as": user.invitation.email if user.invitation else None,
    }


def describe_second_factor(authenticator: Authenticator) -> dict[str, Any]:
    """Describe it without its secret, which signs somebody in."""
    return {
        "kind": authenticator.type,
        "name": str(authenticator),
        "added_at": authenticator.created_at,
        "last_used_at": authenticator.last_used_at,
    }


def describe_limit(limit: Limit) -> dict[str, Any]:
    return {
        "messages_per_minute": limit.messages_per_minute,
        "tokens_per_day": limit.tokens_per_day,
        "usd_per_month": limit.usd_per_month,
        "file_megabytes": limit.file_megabytes,
        "stored_megabytes": limit.stored_megabytes,
        "file_kinds": limit.file_kinds,
    }
