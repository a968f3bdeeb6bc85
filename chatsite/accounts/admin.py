"""Accounts in the administration, a module a subject."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin

from chatsite.accounts.budgets import admin as budgets
from chatsite.accounts.invitations import admin as invitations
from chatsite.accounts.policy import admin as policy
from chatsite.accounts.users import admin as users
from chatsite.accounts.users import group_admin

__all__ = ["budgets", "group_admin", "invitations", "policy", "users"]

# A user's address is a field of the user: a second place to edit it would only disagree. Secrets
# and sessions are their user's own, and the provider is set by the environment.
admin.site.unregister(
    [EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession]
)
