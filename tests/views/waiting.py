"""How the tests of the pages wait for what a thread writes."""

from conversations.models import Message
from conversations.services.replies.channel import get_channel


def wait_for_replies() -> None:
    """Returns when no reply is being written any more."""
    for reply in get_channel().list_replies():
        assert reply.wait_done(10)
    assert not Message.objects.filter(status__in=Message.RUNNING).exists()
