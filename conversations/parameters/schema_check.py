"""Has a JSON schema checked as one types, by a helper process that may be killed: nobody's text
costs others time.
"""

import json
import logging
import threading

from django.utils.translation import gettext as _

from chatsite.core.helper_process import HelperError
from chatsite.core.helper_queue import HelperBusyError, HelperQueue

logger = logging.getLogger(__name__)

FUNCTION = "conversations.parameters.json_schema:answer_request"
CPU_SECONDS = 0.5


class InvalidSchemaError(Exception):
    """Says in a sentence, already translated, what is wrong with a schema."""


class SchemaService:
    """The service that `chatsite.server.lifecycle` ends; checking begins with the first schema."""

    def start(self) -> None:
        """Nothing until then."""

    def finish(self) -> None:
        stop_queue()

    def close(self) -> None:
        """Nothing was needed to the last."""


_lock = threading.Lock()
_queue: HelperQueue | None = None


def start_queue() -> HelperQueue:
    """Return the one of this process; the first call starts it."""
    global _queue
    with _lock:
        if _queue is None:
            _queue = HelperQueue(FUNCTION, cpu_seconds=CPU_SECONDS, name="schema-check")
        return _queue


def stop_queue() -> None:
    """End it, if it was started."""
    global _queue
    with _lock:
        ended, _queue = _queue, None
    if ended:
        ended.stop()


def check_schema(user_id: int, text: str) -> bool:
    """Return whether a service can promise to keep to the schema. Raises InvalidSchemaError."""
    try:
        answer = json.loads(start_queue().call(user_id, text.encode("utf-8", "replace")))
    except HelperBusyError:
        raise InvalidSchemaError(
            _("Too many schemas are being checked right now. Try again in a moment.")
        ) from None
    except (HelperError, ValueError) as error:
        logger.info("A schema of user %s can't be checked: %s", user_id, error)
        raise InvalidSchemaError(
            _("This schema can’t be checked. Make it shorter or simpler.")
        ) from None
    if "code" in answer:
        raise InvalidSchemaError(describe_problem(answer["code"], answer["path"], answer["detail"]))
    return bool(answer["strict"])


def describe_problem(code: str, path: str, detail: str) -> str:
    """Return what is wrong in a sentence, and where, as the schema names it."""
    if code == "syntax":
        line, _colon, column = path.partition(":")
        return _("This isn’t JSON: line %(line)s, column %(column)s (%(detail)s).") % {
            "line": line,
            "column": column,
            "detail": detail,
        }
    sentences = {
        "no_object": _("A schema is a JSON object: begin with { and end with }."),
        "root": _('The reply has to be an object: write "type": "object" at the top.'),
        "too_deep": _("This schema is nested too deeply. Make it flatter."),
        "twice": _("“%(detail)s” is there twice in one object. Remove one."),
        "number": _("“%(detail)s” is no number that JSON has."),
        "character": _("There is a character in this schema that can’t be kept. Remove it."),
        "remote": _(
            "“%(detail)s” leads out of this schema, and nothing is fetched. Put what is meant "
            "under $defs and refer to it by “#/$defs/…”."
        ),
        "missing": _("“%(detail)s” leads to nothing in this schema."),
        "no_schema": _("A schema is an object, or true or false."),
        "type": _(
            "%(detail)s is no type. Types are string, number, integer, boolean, object, array and "
            "null."
        ),
        "no_map": _("This is an object whose values are schemas."),
        "no_list": _("This is a list of schemas."),
        "no_string": _("This is a string."),
        "no_count": _("This is a whole number from 0."),
        "no_number": _("This is a number."),
        "no_flag": _("This is true or false."),
        "no_names": _("This is a list of names, each once."),
        "no_values": _("This is a list of values."),
    }
    sentence = sentences.get(code, _("This schema can’t be sent.")) % {"detail": detail}
    if not path:
        return sentence
    return _("At %(path)s: %(sentence)s") % {"path": path, "sentence": sentence}
