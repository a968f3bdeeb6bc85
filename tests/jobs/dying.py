"""Processes that die while they work, on the database of the tests."""

from tests.processes import READY, TIMEOUT, started

SERVING = """
import os
from chatsite.jobs import attempts
attempts.start_recording()
"""


def run_serving(script: str, *arguments: str) -> int:
    """Runs the script in a process that records its attempts, as one that serves does; returns how
    it ended.
    """
    process = started(READY + SERVING + script, arguments, {})
    _output, complaint = process.communicate(timeout=TIMEOUT)
    assert "Traceback" not in complaint, complaint
    return process.returncode
