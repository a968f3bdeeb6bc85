"""A site that keeps its files in a bucket, as it is served: by greenlets, from its start to its
end.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.e2e.site import Site, free_port
from tests.pictures import make_png
from tests.s3_server import S3Server
from tests.server.startup.visitor import TIMEOUT, Visitor


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture(scope="module")
def visitor(server: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """alice, at a site that runs."""
    folder = tmp_path_factory.mktemp("bucket")
    with Site(folder, "", AIMLAPI_API_KEY="", **server.environment) as site:
        site.start()
        site.make_users()
        yield Visitor(site)


def upload(visitor: Visitor, name: str, content: bytes) -> str:
    """Return the address of the file."""
    size = str(len(content))
    begun = visitor.post("/files/", name=name, size=size, draft="new").json()
    url = f"/files/{begun['id']}/"
    answer = visitor.session.post(
        f"{visitor.site.url}{url}content/?offset=0",
        data=content,
        headers={"X-CSRFToken": visitor.session.cookies["csrftoken"]},
        timeout=TIMEOUT,
    )
    assert answer.status_code == 200, answer.text
    return url


def test_files_are_in_the_bucket_alone(visitor: Visitor, server: S3Server) -> None:
    url = upload(visitor, "list.txt", b"Milk and bread")
    assert visitor.get(f"{url}download/").content == b"Milk and bread"
    assert b"Milk and bread" in server.objects.values()
    assert {key.partition("/")[0] for key in server.objects} == {"files"}
    assert not (visitor.site.data_dir / "files").exists()


def test_many_may_read_at_once(visitor: Visitor) -> None:
    url = upload(visitor, "cat.png", make_png(300, 200))
    with ThreadPoolExecutor(40) as pool:
        pictures = [each.content for each in pool.map(visitor.get, [f"{url}view/"] * 200)]
    assert pictures[0].startswith((b"\x89PNG", b"\xff\xd8", b"RIFF"))
    assert set(pictures) == {pictures[0]}


def test_the_offline_model_is_shown_a_picture_of_the_bucket(visitor: Visitor) -> None:
    file = upload(visitor, "dog.png", make_png(120, 80)).split("/")[2]
    response = visitor.post("/", text="What is it?", token="a form", file=file)
    reply = visitor.wait_for_reply(response.headers["Location"], "complete")
    assert "120 × 80" in reply


def test_others_get_nothing_by_any_address(visitor: Visitor, server: S3Server) -> None:
    url = upload(visitor, "secret.txt", b"The combination is 1234")
    assert requests.get(f"{visitor.site.url}{url}download/", timeout=TIMEOUT).url.endswith(
        f"/accounts/login/?next={url}download/"
    )
    (key,) = [key for key, content in server.objects.items() if b"1234" in content]
    assert requests.get(f"{server.url}/chat-files/{key}", timeout=TIMEOUT).status_code == 403


def test_commands_say_what_is_in_the_bucket(visitor: Visitor, tmp_path: Path) -> None:
    assert "Every file is there" in visitor.site.manage("check_files")
    said = visitor.site.manage("backup", str(tmp_path / "backup.zip"))
    assert "without the files in the bucket chat-files" in said


def test_a_bucket_that_is_away_keeps_no_site_from_starting(tmp_path: Path) -> None:
    with S3Server() as server:
        environment = server.environment
    environment["S3_ENDPOINT_URL"] = f"http://127.0.0.1:{free_port()}"
    with Site(tmp_path, "", AIMLAPI_API_KEY="", **environment) as site:
        site.start()
        site.stop()
        assert "Files can't be kept or shown: the bucket chat-files" in site.read_log()
