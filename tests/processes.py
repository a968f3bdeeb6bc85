"""Processes of their own on the database of the tests, which begin at the same moment.

Each runs a script that gets ready, calls `wait()`, and does what is to be done at once.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from django.db import connection

TIMEOUT = 60.0
READY = """
import sys
import django
django.setup()
def wait():
    print("ready", flush=True)
    sys.stdin.readline()
"""


def at_once(script: str, *arguments: Sequence[str], **environment: str) -> list[str]:
    """What they print, a process for each of the arguments; none may complain."""
    processes = [started(READY + script, each, environment) for each in arguments]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=TIMEOUT) for process in processes]
    assert [complaint for _output, complaint in outputs] == [""] * len(processes)
    return [output for output, _complaint in outputs]


def started(
    script: str, arguments: Sequence[str], environment: dict[str, str]
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "chatsite.settings",
            "DATABASE_URL": database_url(),
            "LOG_LEVEL": "ERROR",
        }
        | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return (
        f"postgresql://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
