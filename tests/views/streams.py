"""How the tests of streams follow a reply."""

from collections.abc import Iterator, Mapping

from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from conversations.models import Message
from conversations.services.replies.channel import LiveReply, get_channel


def stream_url(reply: Message) -> str:
    return f"/c/{reply.conversation_id}/messages/{reply.pk}/stream/"


def events(client: Client, url: str, headers: Mapping[str, str] = {}) -> Iterator[str]:
    headers = {"Accept": "text/event-stream", **headers}
    response: HttpResponseBase = client.get(url, headers=headers)
    assert isinstance(response, StreamingHttpResponse)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/event-stream")
    for part in response:
        yield part.decode()


def last_id(parts: str) -> int:
    return int([line[3:] for line in parts.splitlines() if line.startswith("id:")][-1])


def names(parts: str) -> list[str]:
    return [line[6:].strip() for line in parts.splitlines() if line.startswith("event:")]


def html(parts: str) -> str:
    return "\n".join(line[5:].strip() for line in parts.splitlines() if line.startswith("data:"))


def finish(reply: LiveReply, **fields: object) -> None:
    Message.objects.filter(pk=reply.pk).update(**({"status": "complete"} | fields))
    get_channel().close_reply(reply)


def message_of(reply: LiveReply) -> Message:
    return Message.objects.get(pk=reply.pk)


def open_stream(client: Client, reply: LiveReply) -> Iterator[str]:
    """One that has had its first event."""
    follower = events(client, stream_url(message_of(reply)))
    next(follower)
    return follower
