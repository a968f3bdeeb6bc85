"""Who may open what: every URL of the site × everyone, in one table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.models import Rule
from tests.conftest import signed_in
from tests.factories import add_message
from tests.views.html import HTMX

# In the order of a row's statuses: signed out, the owner, another user, a reviewer, an
# administrator, somebody whose account was closed while they were signed in.
EVERYONE = (
    "client",
    "alice_client",
    "bob_client",
    "rita_client",
    "ada_client",
    "deactivated_client",
)


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    statuses: tuple[int, int, int, int, int, int]
    data: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


# High enough not to be given to the sessions that clients begin.
SESSION = 1_000_000
RULE = 1_000_000
TEXT = (("text", "Hello"), ("token", "a form"))
TITLE = (("title", "Salutations"),)
ON_TOP = (("version", "0"),)
FLAG = (("version", "0"), ("flag", "on"))

# {c} is alice's conversation, {m} the reply that it ends with, which can be tried again; {u} is
# alice, {s} a session of hers, {g} the group of a role, {r} a rule.
TABLE = [
    Row("GET", "/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/", (403, 302, 302, 302, 302, 403), TEXT),
    Row("PUT", "/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/conversations/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/conversations/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/c/{c}/", (302, 200, 404, 404, 404, 302)),
    Row("POST", "/c/{c}/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/c/{c}/messages/?before={m}", (302, 200, 404, 404, 404, 302)),
    Row("POST", "/c/{c}/messages/", (403, 302, 404, 404, 404, 403), TEXT),
    Row("DELETE", "/c/{c}/messages/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/c/{c}/stop/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/c/{c}/stop/", (302, 302, 404, 404, 404, 302)),
    Row("GET", "/c/{c}/rename/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/c/{c}/rename/", (302, 302, 404, 404, 404, 302), TITLE),
    Row("GET", "/c/{c}/delete/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/c/{c}/delete/", (302, 302, 404, 404, 404, 302)),
    Row("GET", "/c/{c}/messages/{m}/retry/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/c/{c}/messages/{m}/retry/", (302, 302, 404, 404, 404, 302)),
    Row("GET", "/c/{c}/messages/{m}/source/", (302, 200, 404, 404, 404, 302)),
    Row("POST", "/c/{c}/messages/{m}/source/", (405, 405, 405, 405, 405, 405)),
    # hx-sse would ask again for ever: an event says no. See tests/views/test_stream.py.
    Row("GET", "/c/{c}/messages/{m}/stream/", (200, 200, 200, 200, 200, 200)),
    Row("POST", "/c/{c}/messages/{m}/stream/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/c/{c}/messages/{m}/feedback/", (405, 405, 405, 405, 405, 405)),
    # A reply without text takes none: see tests/views/test_feedback.py.
    Row("POST", "/c/{c}/messages/{m}/feedback/", (302, 404, 404, 404, 404, 302)),
    Row("GET", "/accounts/login/", (200, 302, 302, 302, 302, 200)),
    Row("GET", "/accounts/logout/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/logout/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/inactive/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/signup/", (200, 302, 302, 302, 302, 200)),
    Row("POST", "/accounts/signup/", (200, 302, 302, 302, 302, 200)),
    Row("GET", "/accounts/password/change/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/password/change/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/invitation/nonsense/", (404, 404, 404, 404, 404, 404)),
    Row("GET", "/accounts/reauthenticate/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/email/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/email/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/confirm-email/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/confirm-email/nonsense/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/password/set/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/password/reset/", (200, 200, 200, 200, 200, 200)),
    Row("POST", "/accounts/password/reset/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/password/reset/done/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/password/reset/key/done/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/password/reset/key/1-nonsense/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/login/code/confirm/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/2fa/authenticate/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/reauthenticate/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/totp/activate/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/2fa/totp/activate/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/totp/deactivate/", (302, 404, 404, 404, 404, 302)),
    Row("GET", "/accounts/2fa/recovery-codes/", (302, 404, 404, 404, 404, 302)),
    Row("GET", "/accounts/2fa/recovery-codes/generate/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/2fa/recovery-codes/generate/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/recovery-codes/download/", (302, 404, 404, 404, 404, 302)),
    Row("GET", "/accounts/2fa/webauthn/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/webauthn/add/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/2fa/webauthn/add/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/webauthn/reauthenticate/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/webauthn/keys/1/remove/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/2fa/webauthn/keys/1/remove/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/webauthn/keys/1/edit/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/2fa/webauthn/login/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/2fa/webauthn/login/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/usage/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/usage/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/accounts/sessions/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/data/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/data/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/accounts/data/download/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/accounts/data/download/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/data/delete/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/data/delete/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/deleted/", (200, 302, 302, 302, 302, 200)),
    Row("POST", "/accounts/sessions/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/accounts/sessions/1/end/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/accounts/sessions/{s}/end/", (302, 302, 404, 404, 404, 302)),
    Row("GET", "/accounts/sessions/end/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/accounts/sessions/end/", (302, 302, 302, 302, 302, 302)),
    Row("POST", "/accounts/sessions/end-others/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/profile/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/profile/", (302, 302, 302, 302, 302, 302), (("theme", "dark"),)),
    Row("GET", "/accounts/provider/login/cancelled/", (200, 200, 200, 200, 200, 200)),
    Row("GET", "/accounts/provider/login/error/", (401, 401, 401, 401, 401, 401)),
    Row("GET", "/accounts/provider/signup/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/accounts/provider/", (302, 200, 200, 200, 200, 302)),
    Row("POST", "/accounts/provider/", (302, 200, 200, 200, 200, 302)),
    Row("GET", "/accounts/oidc/none/login/", (404, 404, 404, 404, 404, 404)),
    Row("POST", "/accounts/oidc/sso/login/", (404, 404, 404, 404, 404, 404)),
    Row("GET", "/accounts/oidc/none/login/callback/", (404, 404, 404, 404, 404, 404)),
    Row("GET", "/setup/", (404, 404, 404, 404, 404, 404)),
    Row("POST", "/setup/", (404, 404, 404, 404, 404, 404)),
    Row("GET", "/admin/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/login/", (302, 403, 403, 302, 302, 302)),
    Row("GET", "/admin/password_change/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/accounts/user/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/user/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/invitation/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/invitation/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/sitepolicy/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/accounts/sitepolicy/1/change/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/limit/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/limit/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/usageday/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/usageday/add/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/accounts/usageday/of/{u}/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/auth/group/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/invitation/1/change/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/invitation/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/accounts/invitation/1/history/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/limit/1/change/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/limit/1/delete/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/limit/1/history/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/sitepolicy/add/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/accounts/sitepolicy/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/accounts/sitepolicy/1/history/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/usageday/1/change/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/usageday/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/accounts/usageday/1/history/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/accounts/user/{u}/change/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/user/{u}/delete/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/user/{u}/history/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/auth/group/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/auth/group/{g}/change/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/auth/group/{g}/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/auth/group/{g}/history/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/accounts/user/{u}/password/", (302, 302, 302, 403, 200, 302)),
    # Whether any object of any model is there is told to nobody.
    Row("GET", "/admin/r/4/1/", (302, 302, 302, 404, 404, 302)),
    # What crashed.
    Row("GET", "/admin/jobs/crasheditem/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/jobs/crasheditem/add/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/jobs/crasheditem/1/change/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/jobs/crasheditem/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/jobs/crasheditem/1/history/", (302, 302, 302, 403, 302, 302)),
    # The queue.
    Row("GET", "/admin/review/review/", (302, 302, 302, 200, 200, 302)),
    Row("POST", "/admin/review/review/", (302, 302, 302, 405, 405, 302)),
    Row("GET", "/admin/review/review/filters/", (302, 302, 302, 405, 405, 302)),
    Row("POST", "/admin/review/review/filters/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/review/review/filters/1/delete/", (302, 302, 302, 405, 405, 302)),
    Row("POST", "/admin/review/review/filters/1/delete/", (302, 302, 302, 404, 404, 302)),
    Row("GET", "/admin/review/review/bulk/", (302, 302, 302, 405, 405, 302)),
    Row("POST", "/admin/review/review/bulk/", (302, 302, 302, 302, 302, 302)),
    # Search.
    Row("GET", "/admin/review/review/search/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/review/review/search/?q=Hello", (302, 302, 302, 200, 200, 302)),
    # The transcript, and what is said of it.
    Row("GET", "/admin/review/review/{c}/change/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/review/review/{c}/change/?message={m}", (302, 302, 302, 200, 200, 302)),
    Row("POST", "/admin/review/review/{c}/change/", (302, 302, 302, 405, 405, 302)),
    Row("GET", "/admin/review/review/{c}/judge/", (302, 302, 302, 405, 405, 302)),
    Row("POST", "/admin/review/review/{c}/judge/", (302, 302, 302, 302, 302, 302), ON_TOP),
    Row("POST", "/admin/review/review/{c}/assign/", (302, 302, 302, 302, 302, 302), ON_TOP),
    Row("POST", "/admin/review/review/{c}/labels/", (302, 302, 302, 302, 302, 302), ON_TOP),
    Row("POST", "/admin/review/review/{c}/flag/", (302, 302, 302, 302, 302, 302), FLAG),
    Row("POST", "/admin/review/review/{c}/notes/", (302, 302, 302, 302, 302, 302), TEXT),
    Row("POST", "/admin/review/review/{c}/notes/1/delete/", (302, 302, 302, 404, 404, 302)),
    Row("GET", "/admin/review/verdict/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/review/verdict/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/verdict/0/change/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/review/verdict/0/delete/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/review/verdict/0/history/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/review/label/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/review/label/add/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/review/label/1/change/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/review/label/1/delete/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/review/label/1/history/", (302, 302, 302, 302, 302, 302)),
    # The access log, and the policy of reviews.
    Row("GET", "/accounts/reviews/", (302, 404, 404, 404, 404, 302)),
    Row("POST", "/accounts/reviews/", (405, 405, 405, 405, 405, 405)),
    Row("GET", "/admin/review/accessentry/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/accessentry/export/", (302, 302, 302, 405, 405, 302)),
    Row("POST", "/admin/review/accessentry/export/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/accessentry/add/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/review/accessentry/1/change/", (302, 302, 302, 403, 403, 302)),
    Row("POST", "/admin/review/accessentry/1/change/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/review/accessentry/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("POST", "/admin/review/accessentry/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/review/accessentry/1/history/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/review/reviewpolicy/", (302, 302, 302, 302, 302, 302)),
    Row("GET", "/admin/review/reviewpolicy/1/change/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/reviewpolicy/add/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/review/reviewpolicy/1/delete/", (302, 302, 302, 403, 403, 302)),
    Row("GET", "/admin/review/reviewpolicy/1/history/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/review/reason/", (302, 302, 302, 200, 200, 302)),
    Row("POST", "/admin/review/review/reason/", (302, 302, 302, 422, 422, 302)),
    # Rules.
    Row("GET", "/admin/review/rule/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/rule/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/rule/{r}/change/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/rule/{r}/delete/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/rule/{r}/history/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/rule/{r}/trials/", (302, 302, 302, 403, 405, 302)),
    # A dry run is its beginner's alone: see tests/review/rules/test_dry_runs.py.
    Row("POST", "/admin/review/rule/0/trials/", (302, 302, 302, 403, 404, 302)),
    Row("GET", "/admin/review/rule/{r}/trials/1/", (302, 302, 302, 403, 404, 302)),
    Row("POST", "/admin/review/rule/{r}/trials/1/stop/", (302, 302, 302, 403, 404, 302)),
    # The dashboard.
    Row("GET", "/admin/review/siteday/", (302, 302, 302, 200, 200, 302)),
    Row("GET", "/admin/review/siteday/csv/days/", (302, 302, 302, 200, 200, 302)),
    # Exports, retention, holds.
    Row("GET", "/admin/review/export/", (302, 302, 302, 403, 200, 302)),
    Row("POST", "/admin/review/export/", (302, 302, 302, 403, 422, 302)),
    Row("PUT", "/admin/review/export/", (302, 302, 302, 405, 405, 302)),
    Row("GET", "/admin/review/export/progress/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/review/{c}/hold/", (302, 302, 302, 403, 200, 302)),
    Row("POST", "/admin/review/review/{c}/hold/", (302, 302, 302, 403, 422, 302)),
    Row("GET", "/admin/review/review/{c}/release/", (302, 302, 302, 403, 200, 302)),
    Row("POST", "/admin/review/review/{c}/release/", (302, 302, 302, 403, 409, 302)),
    Row("GET", "/admin/review/hold/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/retentionrule/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/retentionrule/add/", (302, 302, 302, 403, 200, 302)),
    Row("GET", "/admin/review/retentionrule/1/change/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/review/retentionrule/1/delete/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/admin/review/retentionrule/1/history/", (302, 302, 302, 403, 302, 302)),
    Row("GET", "/livez/", (200, 200, 200, 200, 200, 200)),
    Row("POST", "/livez/", (405, 405, 405, 405, 405, 405)),
    # Whether it is ready is asked with a write: see tests/server/test_health.py.
    Row("POST", "/readyz/", (405, 405, 405, 405, 405, 405)),
    Row("POST", "/healthz/", (405, 405, 405, 405, 405, 405)),
]
# The administration's own sign-in page leads on to ours; so does the page that changes passwords.
SIGN_IN = {"/accounts/login/", "/admin/login/", "/accounts/password/change/"}
# Pages of the chat; the administration and the accounts know nothing of htmx.
CHAT = [row for row in TABLE if row.statuses[0] in (302, 403) and not row.path.startswith("/a")]


OF_A_MODEL = re.compile(r"admin:(accounts|auth|conversations|jobs|review)_")


@pytest.fixture
def deactivated_client(db: None) -> Client:
    dan = User.objects.create_user("dan", "dan@example.com", "correct horse")
    client = signed_in(dan)
    User.objects.filter(pk=dan.pk).update(is_active=False)
    return client


@pytest.fixture
def shown(conversation: Conversation) -> Conversation:
    add_message(conversation, role="user", text="And?")
    add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    Rule.objects.create(pk=RULE, name="Weapons", kind="words", text="bomb")
    UserSession.objects.create(
        pk=SESSION, user_id=conversation.owner_id, ip="192.0.2.1", session_key="of another browser"
    )
    worker.process_outbox()
    return conversation


def address(row: Row, shown: Conversation) -> str:
    group = Group.objects.get(name="user").pk
    return row.path.format(
        c=shown.pk, m=shown.leaf_id, u=shown.owner_id, s=SESSION, g=group, r=RULE
    )


@pytest.mark.parametrize("row", TABLE, ids=str)
@pytest.mark.parametrize("who", EVERYONE)
def test_everyone_gets_what_the_table_says(
    request: pytest.FixtureRequest, shown: Conversation, row: Row, who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    response = client.generic(
        row.method,
        address(row, shown),
        "&".join(f"{name}={value}" for name, value in row.data),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == row.statuses[EVERYONE.index(who)]


@pytest.mark.parametrize("row", [row for row in TABLE if row.statuses[0] == 302], ids=str)
def test_who_is_signed_out_is_led_to_sign_in(client: Client, shown: Conversation, row: Row) -> None:
    location = client.generic(row.method, address(row, shown))["Location"]
    assert urlsplit(location).path in SIGN_IN


def test_the_table_has_every_url_of_the_site() -> None:
    example = {"c": "00000000-0000-0000-0000-000000000001", "m": 1, "u": 1, "s": 1, "g": 1, "r": 1}
    listed = {resolve(urlsplit(row.path.format(**example)).path).view_name for row in TABLE}
    assert set(names(get_resolver())) <= listed


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every view's name; of the administration, that of every page of a model of ours."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or pattern.pattern}"
            if not namespace.startswith("admin:") or OF_A_MODEL.match(name):
                yield name
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern, namespace + inner)


@pytest.mark.parametrize("who", ["bob_client", "rita_client"])
@pytest.mark.parametrize("row", [row for row in TABLE if "{c}" in row.path], ids=str)
def test_others_change_nothing(
    request: pytest.FixtureRequest, shown: Conversation, row: Row, who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    client.generic(row.method, address(row, shown), content_type="text/plain")
    assert list(Conversation.objects.values_list("title", "leaf")) == [("Greetings", shown.leaf_id)]
    assert shown.messages.count() == 4


def test_who_signs_in_comes_back_to_the_page(client: Client, shown: Conversation) -> None:
    response = client.get(f"/c/{shown.pk}/messages/?before=1")
    assert next_of(response["Location"]) == f"/c/{shown.pk}/messages/?before=1"


def test_who_signs_in_after_sending_a_form_comes_back_to_a_page(
    client: Client, shown: Conversation
) -> None:
    response = client.post(f"/c/{shown.pk}/rename/", dict(TITLE))
    assert next_of(response["Location"]) == "/"


@pytest.mark.parametrize("row", CHAT, ids=str)
def test_htmx_takes_the_whole_page_to_sign_in(
    client: Client, shown: Conversation, row: Row
) -> None:
    headers = HTMX | {"HX-Current-URL": f"http://testserver/c/{shown.pk}/"}
    response = client.generic(row.method, address(row, shown), headers=headers)
    assert response.status_code == 200
    assert urlsplit(response["HX-Redirect"]).path == "/accounts/login/"
    assert next_of(response["HX-Redirect"]) == f"/c/{shown.pk}/"
    assert response.content == b""


@pytest.mark.parametrize(
    ("current", "following"),
    [
        ("", "/"),
        ("http://testserver/c/1/?a=b", "/c/1/?a=b"),
        ("https://evil.example/path/", "/path/"),
        ("https://evil.example", "/"),
    ],
)
@pytest.mark.django_db
def test_the_way_back_is_never_another_site(client: Client, current: str, following: str) -> None:
    response = client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    assert next_of(response["HX-Redirect"]) == following


@pytest.mark.parametrize(
    "current", ["http://testserver//evil.example/", "http://testserver/\\\\evil.example/"]
)
def test_a_strange_way_back_leads_home(client: Client, alice: User, current: str) -> None:
    response = client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    form = {"login": "alice", "password": "correct horse"}
    location = client.post(response["HX-Redirect"], form)["Location"]
    assert not urlsplit(location).netloc
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def next_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["next"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "current", ["http://[", "http://[::1", "javascript:alert(1)", "about:blank"]
)
def test_an_address_that_is_none_leads_home(client: Client, current: str) -> None:
    response = client.get("/conversations/", headers=HTMX | {"HX-Current-URL": current})
    query = urlsplit(response["HX-Redirect"]).query
    assert parse_qs(query)["next"] == ["/"]
