"""Runs code in a site's Django, one piece after another: starting Django takes longer than most
pieces.

Each line of the input is a piece of code, each line of the output what it printed and its traceback
if it failed, both as JSON. No connection to the database stays open in between.
"""

import contextlib
import io
import json
import sys
import traceback

import django
from django.db import connections


def run_code(code: str) -> tuple[str, str]:
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, {"__name__": "__main__"})  # noqa: S102
    except Exception:
        return printed.getvalue(), traceback.format_exc()
    finally:
        connections.close_all()
    return printed.getvalue(), ""


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run_code(json.loads(line))) + "\n")
        sys.stdout.flush()
