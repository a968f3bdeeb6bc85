"""Errors are reported to Sentry, or what speaks its protocol, where `SENTRY_DSN` says so.

The library is nobody's who doesn't want it: it isn't among the requirements. A report says where in
the code something failed, in which request and version, and nothing that somebody wrote: no values
of variables, no words of errors, no addresses, headers, cookies or bodies.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from chatsite.core.log_context import read_context
from chatsite.server.startup import LaunchError
from chatsite.version import read_version

# What a report keeps of what the library collects, a frame of it, and a line of the log: its words
# as they stand in the code, before anything is put into them.
KEPT = frozenset(
    {"event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk"}
)
KEPT_OF_FRAME = frozenset(
    {"filename", "abs_path", "module", "function", "lineno", "context_line", "in_app"}
)


def require_library() -> None:
    """At the start of the server: raises LaunchError where reports are wanted and can't be made."""
    if not settings.SENTRY_DSN:
        return
    if find_spec("sentry_sdk") is None:
        raise LaunchError(
            "SENTRY_DSN is set, and sentry-sdk is not installed. "
            "Install it (.venv/bin/pip install sentry-sdk), or leave SENTRY_DSN out."
        )
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(settings.SENTRY_DSN)
    except BadDsn:
        raise LaunchError(
            "SENTRY_DSN can't be read. It looks like https://key@sentry.example.com/1."
        ) from None


def start_reporting() -> None:
    """In a process that serves: from now on what is logged as an error is reported."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        settings.SENTRY_DSN,
        release=read_version(settings.BASE_DIR / "CHANGELOG.md") or None,
        # Django's would collect what was asked; its errors are in the log as well.
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_default_pii=False,
        before_send=lambda event, _hint: clean_event(event),
    )


def clean_event(event: Mapping[str, Any]) -> Any:
    """Return what is left of a report, and in which request it was."""
    cleaned = {name: event[name] for name in KEPT & event.keys()}
    if line := event.get("logentry"):
        cleaned["logentry"] = {"message": line.get("message", "")}
    errors = event.get("exception", {}).get("values", ())
    if errors:
        cleaned["exception"] = {"values": [clean_error(error) for error in errors]}
    cleaned["tags"] = dict(read_context())
    return cleaned


def clean_error(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", ())
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "mechanism": error.get("mechanism"),
        "stacktrace": {
            "frames": [
                {name: value for name, value in frame.items() if name in KEPT_OF_FRAME}
                for frame in frames
            ]
        },
    }
