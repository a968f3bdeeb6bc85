"""Every URL of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from chatsite.server import health
from conversations.instructions import own_views
from conversations.review.audit import review_notice_views
from conversations.views import my_data

# The administration signs people in through the same page, with the same rate limits.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

admin.site.site_header = admin.site.site_title = _("Chat administration")
admin.site.index_title = _("Administration")

urlpatterns = [
    path("", include("conversations.urls")),
    # Among the pages about one's account, but of the chat: they read conversations.
    path("accounts/instructions/", own_views.handle_own_instructions, name="my_instructions"),
    path("accounts/data/", my_data.show_my_data, name="my_data"),
    path("accounts/data/download/", my_data.download_my_data, name="download_my_data"),
    path("accounts/data/delete/", my_data.handle_account_deletion, name="delete_account"),
    path("accounts/reviews/", review_notice_views.my_reviews, name="my_reviews"),
    path("accounts/deleted/", my_data.show_account_deleted, name="account_deleted"),
    path("", include("chatsite.accounts.urls")),
    # One page changes a password, with its limits and its mail.
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="admin_password_change",
    ),
    path("admin/", admin.site.urls),
    # HealthMiddleware answers these before anything else does.
    *(path(name[1:], view, name=name.strip("/")) for name, view in health.VIEWS.items()),
]

handler400 = "chatsite.server.error_pages.bad_request"
handler404 = "chatsite.server.error_pages.not_found"
handler429 = "chatsite.server.error_pages.too_many_requests"
handler500 = "chatsite.server.error_pages.server_error"
