"""Every URL of the site."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from chatsite.accounts.views import set_up
from chatsite.health import healthz

# The administration signs people in through the same page, with the same rate limits.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

admin.site.site_header = admin.site.site_title = _("Chat administration")
admin.site.index_title = _("Administration")

urlpatterns = [
    path("", include("conversations.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", never_cache(account.logout), name="account_logout"),
    path("accounts/inactive/", never_cache(account.account_inactive), name="account_inactive"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path(
        "accounts/password/change/",
        never_cache(account.password_change),
        name="account_change_password",
    ),
    path("setup/", set_up, name="setup"),
    path("admin/", admin.site.urls),
    path("healthz/", healthz, name="healthz"),
]

handler400 = "conversations.views.errors.bad_request"
handler404 = "conversations.views.errors.not_found"
handler500 = "conversations.views.errors.server_error"
