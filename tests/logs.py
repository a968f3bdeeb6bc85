"""What one part of the program logged.

The log of a process is shared: a library may report in the midst of a test what another test left
behind, so a test counts the lines of the logger that it is about.
"""

import logging

import pytest


def records_of(caplog: pytest.LogCaptureFixture, logger: str) -> list[logging.LogRecord]:
    """What this logger and those beneath it logged, oldest first."""
    return [
        record
        for record in caplog.records
        if record.name == logger or record.name.startswith(f"{logger}.")
    ]


def messages_of(caplog: pytest.LogCaptureFixture, logger: str) -> list[str]:
    return [record.getMessage() for record in records_of(caplog, logger)]
