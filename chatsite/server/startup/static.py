"""Static files, collected and compressed only when they changed: it takes seconds."""

import hashlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from chatsite.server.startup import LaunchError


def collect_static_files(say: Callable[[str], object]) -> None:
    """Brings STATIC_ROOT up to date.

    Raises LaunchError when it can't be written, or a stylesheet refers to a file that isn't there.
    """
    stamp = settings.DATA_DIR / "static.stamp"
    fingerprint = hashlib.sha256("\n".join(list_sources()).encode()).hexdigest()
    try:
        if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == fingerprint:
            return
        say("Collecting static files …")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(fingerprint)
    except (OSError, ValueError) as error:
        raise LaunchError(f"The static files could not be collected: {error}") from error


def list_sources() -> Iterator[str]:
    """A line for everything that the collected files depend on."""
    yield f"Django {version('Django')}, WhiteNoise {version('whitenoise')}"
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            yield f"{name} {status.st_size} {status.st_mtime_ns}"
