"""Accounts in the administration, a module a subject."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin

from chatsite.accounts.admin import budgets, groups, invitations, policy, users

__all__ = ["budgets", "groups", "invitations", "policy", "users"]

# A user's address is a field of the user: a second place to edit it would only disagree. Secrets
# and sessions are their user's own, and the provider is set by the environment.
admin.site.unregister(
    [EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession]
)
