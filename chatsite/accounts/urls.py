"""The URLs of accounts: our own pages, and allauth's under /accounts/."""

from django.urls import include, path

from chatsite.accounts.budgets import views as usage
from chatsite.accounts.invitations import views as invitation
from chatsite.accounts.profile import views as profile
from chatsite.accounts.second_factor import views as security
from chatsite.accounts.sessions import views as sessions
from chatsite.accounts.sign_in import password_views, views_without_mail
from chatsite.accounts.sign_up import first_administrator_views
from chatsite.accounts.single_sign_on import views as single_sign_on

urlpatterns = [
    path("setup/", first_administrator_views.set_up_site, name="setup"),
    path("accounts/invitation/<str:token>/", invitation.open_invitation, name="invitation"),
    path(
        "accounts/password/reset/", views_without_mail.reset_password, name="account_reset_password"
    ),
    path("accounts/email/", views_without_mail.manage_addresses, name="account_email"),
    path("accounts/usage/", usage.show_usage, name="account_usage"),
    path(
        "accounts/password/change/", password_views.change_password, name="account_change_password"
    ),
    path("accounts/password/set/", password_views.set_password, name="account_set_password"),
    path("accounts/profile/", profile.edit_profile, name="account_profile"),
    path("accounts/theme/", profile.save_theme, name="account_theme"),
    path("accounts/sessions/", sessions.show_sessions, name="usersessions_list"),
    path("accounts/sessions/<int:pk>/end/", sessions.end_session, name="account_end_session"),
    path(
        "accounts/sessions/end-others/",
        sessions.end_other_sessions,
        name="account_end_other_sessions",
    ),
    path("accounts/sessions/end/", sessions.end_all_sessions, name="account_end_all_sessions"),
    # In place of allauth's of the same names.
    path("accounts/2fa/", security.show_security, name="mfa_index"),
    path("accounts/2fa/webauthn/", security.redirect_passkey_list, name="mfa_list_webauthn"),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        security.RemovePasskeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        security.ConfirmByPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/provider/", include("allauth.socialaccount.urls")),
    path(
        "accounts/oidc/<slug:provider_id>/login/",
        single_sign_on.redirect_to_provider,
        name="openid_connect_login",
    ),
    path(
        "accounts/oidc/<slug:provider_id>/login/callback/",
        single_sign_on.handle_callback,
        name="openid_connect_callback",
    ),
]
