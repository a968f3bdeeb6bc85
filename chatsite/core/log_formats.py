"""How a line of the log looks: text for people, or a JSON object for what collects logs.

gunicorn's main process logs by it as well, so it imports nothing of Django.
"""

import json
import logging
import os
import re
from datetime import UTC, datetime
from typing import Any, override

from chatsite.core.log_context import read_context

# What a database says of a row that it refuses: the row's texts are in it, line by line.
ROW = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^\s*The above exception|^\s*During handling|\Z)",
    re.MULTILINE | re.DOTALL,
)


class TextFormatter(logging.Formatter):
    """Lines for people; no traceback quotes a row of the database."""

    @override
    def formatException(self, ei: Any) -> str:
        return ROW.sub(r"\1: …\n", super().formatException(ei)).rstrip("\n")


class JsonFormatter(TextFormatter):
    """One object a line. What a record brings as `fields` is part of it."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": os.getpid(),
            **read_context(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, default=str)
