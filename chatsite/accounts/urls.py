"""The URLs of accounts: our own pages, and allauth's under /accounts/."""

from django.urls import include, path

from chatsite.accounts.views import setup

urlpatterns = [
    path("setup/", setup.set_up, name="setup"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/provider/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
