"""The offline model as a child of the server, for want of a key to call the real one with."""

import subprocess
import sys
from typing import IO, cast

from django.conf import settings

from chatsite import env
from chatsite.server.startup import LaunchError

TOKENS_PER_SECOND = 50


class OfflineModelProcess:
    """Started at once and awaited later: it gets ready while the database does."""

    @staticmethod
    def is_needed() -> bool:
        return not settings.AIMLAPI_API_KEY and not env.string("AIMLAPI_BASE_URL")

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, str(settings.BASE_DIR / "manage.py"), "offline_model"),
                f"--rate={TOKENS_PER_SECOND}",
                "--die-with-parent",
            ],
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl+C is for the server, which may have a reply to finish.
            process_group=0,
        )

    def base_url(self) -> str:
        """Waits until it serves; raises LaunchError when it could not start."""
        line = cast(IO[str], self._process.stdout).readline().strip()
        if not line.startswith("http"):
            raise LaunchError(
                "The offline model could not be started. Set AIMLAPI_API_KEY to do without it."
            )
        return line

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
