"""Settings, in the order of Django's documentation; the README has the table of what can be set."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from django.utils.csp import CSP

from chatsite import env, languages, mail, single_sign_on
from chatsite.databases import configuration
from chatsite.private_folder import private_folder
from chatsite.s3 import configuration as s3

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.string("DATA_DIR", str(BASE_DIR / "var"))).resolve()

# Core

DEBUG = env.boolean("DEBUG")
SECRET_KEY = env.string("SECRET_KEY") or env.kept_secret(DATA_DIR / "secret_key")

# Where people reach the site. https here means secure cookies, HSTS and redirects to https.
PUBLIC_URL = env.public_url("PUBLIC_URL")
PORT = env.port("PORT", 8000)
HTTPS = PUBLIC_URL.startswith("https://")
# https is never spoken by the server itself, so it implies one proxy unless the setting says more.
TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 1 if HTTPS else 0)

ALLOWED_HOSTS = [
    *env.words("ALLOWED_HOSTS"),
    *filter(None, [urlsplit(PUBLIC_URL).hostname]),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "chatsite.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "chatsite.jobs",
    "chatsite.server",
    "chatsite.accounts",
    "conversations",
    "conversations.review",
]

MIDDLEWARE = [
    "chatsite.server.request_id.RequestIdMiddleware",
    "chatsite.server.access_log.RouteMiddleware",
    "chatsite.server.metrics.middleware.RequestMetricsMiddleware",
    "chatsite.server.admission_queue.AdmissionMiddleware",
    # First, so that refusals of those below can tell whom they answer.
    "django_htmx.middleware.HtmxMiddleware",
    "chatsite.server.redirect_loop.RedirectLoopMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Whatever reads the session, a host name or the database comes after it.
    "chatsite.server.health.HealthMiddleware",
    "chatsite.server.tracing.middleware.TracingMiddleware",
    "chatsite.server.lock_wait_middleware.LockWaitMiddleware",
    "chatsite.server.compression.CompressionMiddleware",
    "chatsite.accounts.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chatsite.accounts.sessions.log_middleware.LogUserMiddleware",
    "chatsite.accounts.profile.middleware.NeverCacheMiddleware",
    "chatsite.accounts.profile.middleware.LanguageMiddleware",
    "chatsite.accounts.profile.middleware.TimeZoneMiddleware",
    "chatsite.server.body_middleware.BodyMiddleware",
    "chatsite.accounts.sessions.last_seen_middleware.LastSeenMiddleware",
    "chatsite.accounts.second_factor.middleware.SecondFactorMiddleware",
    "chatsite.server.conflict_middleware.ConflictMiddleware",
]

ROOT_URLCONF = "chatsite.urls"
WSGI_APPLICATION = "chatsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "conversations.context_processors.offline_model",
            ],
        },
    }
]

# Database

DATABASE_POOL_SIZE = env.integer("DATABASE_POOL_SIZE", configuration.POOL_SIZE, least=4)
DATABASES = {
    "default": configuration.from_url(
        env.string("DATABASE_URL"), DATA_DIR / "db.sqlite3", DATABASE_POOL_SIZE
    )
}
# A copy of SQLite's, the way back from an upgrade.
SNAPSHOT_BEFORE_MIGRATIONS = env.boolean("SNAPSHOT_BEFORE_MIGRATIONS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis, where several processes share what lives between them; that takes PostgreSQL.

REDIS_URL = env.redis_url("REDIS_URL")
if DATABASES["default"]["ENGINE"] != "chatsite.databases.postgresql":
    REDIS_URL = ""
# What all keys there begin with.
REDIS_PREFIX = env.string("REDIS_PREFIX", "chat:")

# Cache: of one process its own memory will do. Rate limits live here: with few entries, made-up
# names would push real ones out.

LOCAL_CACHE = {
    "BACKEND": "chatsite.core.local_cache.LocalCache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
SHARED_CACHE = {"BACKEND": "chatsite.redis.cache.SharedCache", "LOCATION": REDIS_URL}
CACHES = {"default": SHARED_CACHE if REDIS_URL else LOCAL_CACHE, "local": LOCAL_CACHE}

# Mail

EMAIL_URL = env.string("EMAIL_URL")
# Without it, administrators hand out links themselves.
EMAIL_CONFIGURED = bool(EMAIL_URL)
MAILERS = mail.read_mailers(EMAIL_URL) if EMAIL_URL else mail.build_mailer("dummy")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.string("EMAIL_FROM", "Chat <chat@localhost>")

# Internationalisation

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "chatsite" / "locale"]
LANGUAGES = languages.list_shipped_languages(LOCALE_PATHS[0])
TIME_ZONE = "UTC"
USE_TZ = True

# Security

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "chatsite.server.error_pages.csrf_failure"
SESSION_ENGINE = "chatsite.accounts.sessions.session_store"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|healthz|metrics)/?$"]
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# Whether other names below this one speak https is not for a chat to decide; mail is optional.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "mail.E001"]

# Uploads, and how much of everything at once

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # the longest message is far shorter
# Files in messages; bytes.
FILE_SIZE_LIMIT = env.integer("FILE_SIZE_LIMIT", 20 * 1024 * 1024, least=1)
MESSAGE_FILES_LIMIT = env.integer("MESSAGE_FILES_LIMIT", 50 * 1024 * 1024, least=1)
USER_FILES_LIMIT = env.integer("USER_FILES_LIMIT", 1024 * 1024 * 1024)
FILES_PER_MESSAGE = env.integer("FILES_PER_MESSAGE", 10)
# What one request to the model may have; beyond, the text of the oldest files is sent.
MODEL_REQUEST_LIMIT = env.integer("MODEL_REQUEST_LIMIT", 50 * 1024 * 1024, least=1024 * 1024)
# The model's provider gets neither pictures nor PDFs, but their text.
FILES_AS_TEXT = env.boolean("FILES_AS_TEXT", default=False)
# ClamAV's daemon, which looks at them first: tcp://host:3310 or unix:///run/clamav/clamd.ctl.
CLAMD_URL = env.socket_url("CLAMD_URL")
FILE_KINDS = env.words_of("FILE_KINDS", ("image", "pdf", "text", "document"))
MAX_CONNECTIONS = env.integer("MAX_CONNECTIONS", 2_000, least=10)
MAX_UNREAD_BODIES = env.integer("MAX_UNREAD_BODIES", 200, least=1)
MAX_STREAMS = env.integer("MAX_STREAMS", 1_000, least=1)
MAX_STREAMS_PER_USER = env.integer("MAX_STREAMS_PER_USER", 30, least=1)

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What people upload lies in DATA_DIR, or in this bucket. Botocore reads more settings of its own.
S3_BUCKET = s3.read_bucket("S3_BUCKET")
S3_PREFIX = s3.read_prefix("S3_PREFIX")
S3_ENDPOINT_URL = env.http_url("S3_ENDPOINT_URL", "", example="https://s3.example.com")
S3_REGION = env.string("S3_REGION")
AWS_ACCESS_KEY_ID = env.api_key("AWS_ACCESS_KEY_ID")
AWS_SECRET_ACCESS_KEY = env.api_key("AWS_SECRET_ACCESS_KEY")
AWS_SESSION_TOKEN = env.api_key("AWS_SESSION_TOKEN")
# Seconds, the second for each piece of an answer; everything is tried twice.
S3_CONNECT_TIMEOUT, S3_READ_TIMEOUT = 3.0, 10.0
s3.check_settings(bucket=S3_BUCKET, access_key=AWS_ACCESS_KEY_ID, secret_key=AWS_SECRET_ACCESS_KEY)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "chatsite.static_files.StaticFilesStorage"},
    # The pieces of what they are uploading.
    "files": s3.bucket_folder("files") if S3_BUCKET else private_folder(DATA_DIR / "files"),
    "uploads": s3.bucket_folder("uploads") if S3_BUCKET else private_folder(DATA_DIR / "uploads"),
}

# Logging: everything to the terminal, as containers expect; what repeats is counted.

ACCESS_LOG = env.boolean("ACCESS_LOG")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "chatsite.core.log_formats.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "chatsite.core.log_formats.JsonFormatter"},
    },
    "filters": {"paths": {"()": "chatsite.server.access_log.PathFilter"}},
    "handlers": {
        "console": {
            "class": "chatsite.core.log_repeats.OncePerOutageHandler",
            "formatter": env.choice("LOG_FORMAT", ("text", "json")),
            "filters": ["paths"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "chatsite.access": {"level": "INFO" if ACCESS_LOG else "CRITICAL"},
        "conversations": {"level": env.string("LOG_LEVEL", "INFO").upper()},
        # Django's own handlers mail the administrators, whom nobody has configured.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}

# Metrics: without a token there are none.

METRICS_TOKEN = env.token("METRICS_TOKEN")

# Reports of errors: none are made without it.

SENTRY_DSN = env.string("SENTRY_DSN")

# Traces: none are made without the first. OpenTelemetry reads more settings of its own.

OTEL_EXPORTER_OTLP_ENDPOINT = env.string("OTEL_EXPORTER_OTLP_ENDPOINT")
OTEL_EXPORTER_OTLP_HEADERS = env.string("OTEL_EXPORTER_OTLP_HEADERS")
OTEL_SERVICE_NAME = env.string("OTEL_SERVICE_NAME", "chatsite")

# Accounts

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["chatsite.accounts.sign_in.backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "chatsite.accounts.sign_in.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "conversations:new"
ACCOUNT_ADAPTER = "chatsite.accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "chatsite.accounts.sign_in.forms.LoginForm",
    "signup": "chatsite.accounts.sign_up.forms.SignUpForm",
    "change_password": "chatsite.accounts.sign_in.forms.ChangePasswordForm",
    "set_password": "chatsite.accounts.sign_in.forms.SetPasswordForm",
    "reset_password_from_key": "chatsite.accounts.sign_in.forms.ResetPasswordKeyForm",
    "reauthenticate": "chatsite.accounts.sign_in.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_CONFIGURED else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = EMAIL_CONFIGURED
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
# allauth's own would note an address down as unconfirmed that an administrator vouches for.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Ten tries a minute from one address; five in five minutes for one name, from wherever.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}

# False: passwords open nothing, but for break-glass administrators.
LOCAL_PASSWORDS = env.boolean("LOCAL_PASSWORDS", default=True)

# Single sign-on by OpenID Connect

OIDC_ISSUER = single_sign_on.read_issuer("OIDC_ISSUER")
OIDC_CLIENT_ID = env.string("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.string("OIDC_CLIENT_SECRET")
OIDC_LABEL = env.string("OIDC_LABEL", "Single sign-on")
OIDC_SCOPES = single_sign_on.read_scopes("OIDC_SCOPES")
# Whoever has a verified address there needs no invitation.
OIDC_ALLOWED_DOMAINS = single_sign_on.read_domains("OIDC_ALLOWED_DOMAINS")
# For providers that never say whether an address is verified.
OIDC_TRUST_EMAIL = env.boolean("OIDC_TRUST_EMAIL")
OIDC_ROLE_CLAIM = env.string("OIDC_ROLE_CLAIM")
OIDC_ROLES = single_sign_on.read_roles("OIDC_ROLES")
single_sign_on.check_settings(
    issuer=OIDC_ISSUER,
    client_id=OIDC_CLIENT_ID,
    role_claim=OIDC_ROLE_CLAIM,
    roles=OIDC_ROLES,
    local_passwords=LOCAL_PASSWORDS,
)
SOCIALACCOUNT_ADAPTER = "chatsite.accounts.single_sign_on.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = single_sign_on.build_providers(
    issuer=OIDC_ISSUER,
    client_id=OIDC_CLIENT_ID,
    client_secret=OIDC_CLIENT_SECRET,
    label=OIDC_LABEL,
    scopes=OIDC_SCOPES,
)
# An address that the provider vouches for finds the account that has it, and stays connected to
# it by the provider's own id; one that it doesn't vouch for is not even kept.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# Another way in is not for whoever finds a browser open.
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds, for each of the provider's answers

# Second factor. Passkeys need localhost or https.

MFA_ADAPTER = "chatsite.accounts.second_factor.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "chatsite.accounts.second_factor.forms.ActivateAppForm",
    "authenticate": "chatsite.accounts.second_factor.forms.CodeForm",
    "reauthenticate": "chatsite.accounts.second_factor.forms.ConfirmByCodeForm",
    "add_webauthn": "chatsite.accounts.second_factor.forms.AddPasskeyForm",
    "edit_webauthn": "chatsite.accounts.second_factor.forms.RenamePasskeyForm",
    "authenticate_webauthn": "chatsite.accounts.second_factor.forms.PasskeyForm",
    "login_webauthn": "chatsite.accounts.second_factor.forms.SignInByPasskeyForm",
    "reauthenticate_webauthn": "chatsite.accounts.second_factor.forms.ConfirmByPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without mail nobody could verify an address, so nobody could have a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = urlsplit(PUBLIC_URL).hostname or "Chat"
MFA_TOTP_TOLERANCE = 1

# The model's API

AIMLAPI_API_KEY = env.api_key("AIMLAPI_API_KEY")
AIMLAPI_BASE_URL = env.http_url("AIMLAPI_BASE_URL", "https://api.aimlapi.com/v1")
CHAT_MODEL = env.string("CHAT_MODEL", "openai/gpt-4.1-mini-2025-04-14")
# Set by `manage.py serve` when it has started the offline model for want of a key.
OFFLINE_MODEL = env.boolean("OFFLINE_MODEL")

MODEL_CONNECT_TIMEOUT = env.seconds("MODEL_CONNECT_TIMEOUT", 5)
MODEL_FIRST_BYTE_TIMEOUT = env.seconds("MODEL_FIRST_BYTE_TIMEOUT", 60)
MODEL_SILENCE_TIMEOUT = env.seconds("MODEL_SILENCE_TIMEOUT", 60)
MODEL_REPLY_TIMEOUT = env.seconds("MODEL_REPLY_TIMEOUT", 600)

# US dollars for a million tokens; used where the provider doesn't say what a reply cost.
PRICE_INPUT = env.decimal("PRICE_INPUT", Decimal("0.40"))
PRICE_CACHED_INPUT = env.decimal("PRICE_CACHED_INPUT", Decimal("0.10"))
PRICE_OUTPUT = env.decimal("PRICE_OUTPUT", Decimal("1.60"))

# Conversations

SYSTEM_PROMPT = env.string("SYSTEM_PROMPT", "You are a helpful assistant.")
CONTEXT_BUDGET = env.integer("CONTEXT_BUDGET", 128_000, least=1_000)
# Who gives a new conversation its title: the model, asked once, or the message's first words.
TITLES = env.choice("TITLES", ("model", "first-words"))
# Seconds for all of it; nothing is tried again.
TITLE_TIMEOUT = 10.0
MAX_RUNNING_REPLIES = env.integer("MAX_RUNNING_REPLIES", 3, least=1)
CHECKPOINT_INTERVAL = env.seconds("CHECKPOINT_INTERVAL", 2)
SHUTDOWN_GRACE = env.number("SHUTDOWN_GRACE", 20)
# Only a proxy with another server to turn to gains by it; anybody else would wait for nothing.
SHUTDOWN_DRAIN = env.number("SHUTDOWN_DRAIN", 0)
# Seconds of the highlighting helper's time for one block of code and for all of a reply.
HIGHLIGHT_BLOCK_TIMEOUT = 0.25
HIGHLIGHT_REPLY_TIMEOUT = 1.0

# Generic classes of Django's take type arguments at run time too.
django_stubs_ext.monkeypatch()
