"""The site's settings for its tests: a data folder of their own, quick passwords, no collected
static files.
"""

import atexit
import os
import shutil
import tempfile

# Each test process has its own; nothing of a developer's `var/` is touched.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="chat-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
for name in (
    *("AIMLAPI_API_KEY", "AIMLAPI_BASE_URL", "PUBLIC_URL", "TRUSTED_PROXY_COUNT", "DEBUG"),
    *("METRICS_TOKEN", "LOG_FORMAT", "ACCESS_LOG", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    *("REDIS_URL", "REDIS_PREFIX", "WEB_CONCURRENCY"),
    *("S3_BUCKET", "S3_PREFIX", "S3_ENDPOINT_URL", "S3_REGION"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_ROLE_CLAIM", "OIDC_ROLES", "LOCAL_PASSWORDS"),
):
    os.environ.pop(name, None)
# Few tests are about titles; for the sites that they start it holds too.
os.environ["TITLES"] = "first-words"
# PostgreSQL takes 100: of several test processes, and of each site that these start.
os.environ["DATABASE_POOL_SIZE"] = "10"
# What the conversations of the tests have.
os.environ["CHAT_MODEL"] = "test-model"

from chatsite.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise would warn that nothing has been collected.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405
SHUTDOWN_GRACE = 0.2
# On a busy machine, too, what is harmless gets its colours.
HIGHLIGHT_BLOCK_TIMEOUT = 10.0
HIGHLIGHT_REPLY_TIMEOUT = 60.0
# Threads share a database in a file; one in memory would have a connection that never closes.
if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['DATA_DIR']}/test.sqlite3"}  # noqa: F405
# A browser driven from a thread runs an event loop there, in which Django would refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
