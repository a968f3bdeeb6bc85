"""Files that were uploaded go along with a backup, and are there after a move."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from conversations.offline_model import OfflineModel
from tests.attachments.pdf_files import pdf, text_page
from tests.attachments.picture_files import halves, save
from tests.e2e.site import Site
from tests.server.operations.conftest import MakePlace, database_of
from tests.server.startup.visitor import Visitor

PICTURE = save(halves(), "PNG")
REPORT = pdf([text_page("All is well.")])


@contextmanager
def serving(site: Site, model: OfflineModel) -> Iterator[None]:
    """Within it the site runs, and asks this model for replies alone."""
    site.environment |= {
        "AIMLAPI_BASE_URL": model.base_url,
        "AIMLAPI_API_KEY": "key-of-the-tests",
        "TITLES": "first-words",
    }
    site.start()
    try:
        yield
    finally:
        site.stop()


def send(visitor: Visitor, path: str, text: str, *files: str) -> str:
    """The path of the conversation, once there is a reply."""
    response = visitor.post(path, text=text, token=text, file=files)
    assert response.status_code == 302, response.text
    conversation = response.headers["Location"]
    visitor.wait_for_reply(conversation, "complete")
    return conversation


@dataclass(frozen=True)
class UploadedFiles:
    """Files that alice has sent in a conversation."""

    site: Site
    conversation: str
    contents: dict[str, bytes]
    """What she gets where, by path."""
    messages: list[Any]
    """What the model was sent with them."""


@pytest.fixture(scope="session")
def listener() -> Iterator[OfflineModel]:
    """The model of all these sites."""
    with OfflineModel() as server:
        yield server


@pytest.fixture(scope="session")
def uploaded(place_of: MakePlace, listener: OfflineModel) -> UploadedFiles:
    """On SQLite. The site isn't running any more."""
    site = place_of("uploaded", "sqlite")
    with serving(site, listener):
        site.make_users()
        alice = Visitor(site)
        files = [alice.upload("cat.png", PICTURE), alice.upload("report.pdf", REPORT)]
        conversation = send(alice, "/", "What are these?", *files)
        picture, report = files
        paths = [f"/files/{picture}/view/", f"/files/{picture}/small/"]
        paths += [f"/files/{report}/download/", f"/files/{report}/pages/1/"]
        contents = {path: alice.get(path).content for path in paths}
    return UploadedFiles(site, conversation, contents, listener.requests[-1].body["messages"])


@pytest.fixture(scope="session")
def restored(place_of: MakePlace, uploaded: UploadedFiles) -> Site:
    """From a backup, into an empty folder and another database."""
    path = uploaded.site.data_dir / "kept" / "backup.zip"
    uploaded.site.manage("backup", str(path))
    site = place_of("restored_uploads")
    site.manage("restore", str(path))
    return site


@pytest.fixture(scope="session")
def moved(place_of: MakePlace, uploaded: UploadedFiles) -> Site:
    """The site itself, on another database."""
    url = database_of(place_of("moved_uploads"))
    uploaded.site.manage("move", "--to", url)
    return Site(uploaded.site.data_dir, "", DATABASE_URL=url)


@pytest.fixture(scope="module", params=["restored", "moved"])
def place(request: pytest.FixtureRequest, listener: OfflineModel) -> Iterator[Site]:
    site: Site = request.getfixturevalue(request.param)
    with serving(site, listener):
        yield site


def test_their_owner_gets_every_byte(place: Site, uploaded: UploadedFiles) -> None:
    alice = Visitor(place)
    assert {path: alice.get(path).content for path in uploaded.contents} == uploaded.contents
    assert REPORT in uploaded.contents.values()


def test_nobody_else_does(place: Site, uploaded: UploadedFiles) -> None:
    bob = Visitor(place, "bob")
    assert {bob.get(path).status_code for path in uploaded.contents} == {404}


def test_the_model_is_sent_them_in_the_next_turn(
    place: Site, uploaded: UploadedFiles, listener: OfflineModel
) -> None:
    parts = uploaded.messages[-1]["content"]
    assert [part["type"] for part in parts] == ["image_url", "file", "text"]
    send(Visitor(place), f"{uploaded.conversation}messages/", "And now?")
    messages = listener.requests[-1].body["messages"]
    assert messages[: len(uploaded.messages)] == uploaded.messages
    assert messages[-1]["content"] == "And now?"


def test_every_row_has_its_bytes(place: Site) -> None:
    assert "Every file is there" in place.manage("check_files")
