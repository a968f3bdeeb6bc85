"""Whatever happens to a message, no line of the log has its text, the reply's, or a key."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from django.test import Client

from chatsite.accounts.models import User
from chatsite.core.log_formats import JsonFormatter, TextFormatter
from chatsite.server.access_log import PathFilter
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, OfflineModel
from tests.services.writing import wait_until_saved

ASKED = "zebra-question"
REPLIED = "walrus-answer"
KEY = "key-of-the-tests"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All lines in either format, down to those of debugging our own code."""
    stream = io.StringIO()
    handlers = [logging.StreamHandler(stream), logging.StreamHandler(stream)]
    for handler, formatter in zip(handlers, (TextFormatter(), JsonFormatter()), strict=True):
        handler.setFormatter(formatter)
        handler.addFilter(PathFilter())
        logging.getLogger().addHandler(handler)
    ours = [logging.getLogger(name) for name in ("conversations", "chatsite")]
    levels = [logger.level for logger in ours]
    for logger in ours:
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in zip(ours, levels, strict=True):
        logger.setLevel(level)
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def assert_private(log: io.StringIO) -> None:
    for private in (ASKED, REPLIED, KEY):
        assert private not in log.getvalue()


def test_the_lines_of_a_reply_say_which_request_began_it(
    alice_client: Client, alice: User, model: OfflineModel, log: io.StringIO
) -> None:
    response = alice_client.post("/", {"text": ASKED, "token": "a form"})
    reply = Message.objects.get(role="assistant")
    wait_until_saved(reply)
    lines = [json.loads(line) for line in log.getvalue().splitlines() if line[:1] == "{"]
    (line,) = [line for line in lines if line["message"].startswith("model call")]
    assert (line["request"], line["user"], line["reply"]) == (
        *(response["X-Request-ID"], alice.pseudonym, str(reply.pk)),
    )


@pytest.mark.parametrize(
    "fault",
    [
        Fault(text=REPLIED),
        Fault(text=REPLIED, cut=1),
        Fault(status=401, message=f"Bad key {KEY}"),
        Fault(text=REPLIED, malformed=1),
    ],
)
def test_a_reply_is_logged_without_words(
    alice_client: Client, model: OfflineModel, log: io.StringIO, fault: Fault
) -> None:
    model.script(fault)
    alice_client.post("/", {"text": ASKED, "token": "a form"})
    wait_until_saved(Message.objects.get(role="assistant"))
    assert "model call" in log.getvalue()
    assert_private(log)


def test_a_row_that_is_refused_is_logged_without_its_text(
    conversation: Conversation, log: io.StringIO
) -> None:
    message = Message(conversation=conversation, role="user", text=ASKED)
    message.role = None  # type: ignore[assignment]
    try:
        message.save()
    except IntegrityError:
        logging.getLogger("conversations").exception("not saved")
    assert "IntegrityError" in log.getvalue()
    assert_private(log)
