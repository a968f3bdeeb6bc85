"""Every URL of the site."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from chatsite.accounts.views import set_up
from chatsite.health import healthz

# The administration signs people in through the same page, with the same rate limits.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("conversations.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("setup/", set_up, name="setup"),
    path("admin/", admin.site.urls),
    path("healthz/", healthz, name="healthz"),
]

handler404 = "conversations.views.errors.not_found"
