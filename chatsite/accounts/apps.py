"""The app of users: who gets in, what they may do, and how much they may use."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.roles import make_groups
from chatsite.jobs import registry


class AccountsConfig(AppConfig):
    name = "chatsite.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.account.signals import password_reset
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_out

        from chatsite.accounts.second_factor.services import record_new_factor
        from chatsite.accounts.sessions import housekeeping
        from chatsite.accounts.sessions.middleware import on_signed_out
        from chatsite.accounts.sessions.services import revoke_sessions_after_reset
        from chatsite.accounts.sign_up.first_administrator import list_start_notices
        from chatsite.server import lifecycle
        from chatsite.server.startup.registry import register_notices

        registry.register_job(housekeeping.JOB)
        lifecycle.register_worker(housekeeping.Housekeeper)
        register_notices(list_start_notices)
        post_migrate.connect(make_groups, sender=self, dispatch_uid="roles")
        authenticator_added.connect(record_new_factor, dispatch_uid="proof")
        password_reset.connect(revoke_sessions_after_reset, dispatch_uid="sessions")
        user_logged_out.connect(on_signed_out, dispatch_uid="cache")
