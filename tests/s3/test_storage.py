"""The storage that is a bucket: names, bytes that are read as they come, lists of any length."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from pytest_django import Settings

from chatsite.s3.client import BucketAwayError, BucketRefusedError
from tests.s3_server import S3Server
from tests.server_proxy import ServerProxy

NAMES = ["ab/abc/original", "ab/abc/view", "ab/abd/view", "cd/cde/view"]


def write(storage: Storage, name: str, content: bytes = b"Milk") -> str:
    return storage.save(name, ContentFile(content))


def read(storage: Storage, name: str) -> bytes:
    with storage.open(name) as file:
        return bytes(file.read())


def test_an_object_has_the_name_that_the_file_had_in_the_data_folder(
    storage: Storage, bucket: S3Server
) -> None:
    assert write(storage, "ab/abc/view") == "ab/abc/view"
    assert bucket.objects == {"files/ab/abc/view": b"Milk"}


def test_several_sites_may_share_a_bucket(bucket: S3Server, settings: Settings) -> None:
    settings.S3_PREFIX = "sites/chat/"
    settings.STORAGES = dict(settings.STORAGES)
    write(storages["uploads"], "1/0")
    assert list(bucket.objects) == ["sites/chat/uploads/1/0"]
    assert storages["uploads"].listdir("") == (["1"], [])


def test_what_is_written_again_takes_the_place_of_what_was_there(storage: Storage) -> None:
    write(storage, "1/0", b"Milk")
    assert write(storage, "1/0", b"Bread") == "1/0"
    assert read(storage, "1/0") == b"Bread"


def test_names_of_any_kind_are_signed_as_the_service_reads_them(storage: Storage) -> None:
    name = "a b/ü+%20&=(1)~.txt"
    write(storage, name)
    assert (read(storage, name), storage.size(name)) == (b"Milk", 4)
    assert storage.listdir("a b") == ([], ["ü+%20&=(1)~.txt"])


def test_it_is_read_in_pieces_to_its_end(storage: Storage, bucket: S3Server) -> None:
    content = bytes(range(256)) * 1000
    write(storage, "1/0", content)
    with storage.open("1/0") as file:
        pieces = list(file.chunks())
    assert (b"".join(pieces), len(pieces)) == (content, 4)
    assert [each for each in bucket.requests if each[0] == "GET"] == [("GET", "files/1/0")]


def test_what_is_closed_halfway_costs_the_next_reader_nothing(storage: Storage) -> None:
    write(storage, "1/0", b"x" * 3_000_000)
    with storage.open("1/0") as file:
        assert file.read(4) == b"xxxx"
    assert read(storage, "1/0") == b"x" * 3_000_000


def test_what_is_not_there_is_a_missing_file(storage: Storage) -> None:
    assert not storage.exists("1/0")
    with pytest.raises(FileNotFoundError):
        storage.open("1/0")
    storage.delete("1/0")


def test_a_list_has_folders_and_files_apart(storage: Storage) -> None:
    for name in [*NAMES, "readme"]:
        write(storage, name)
    assert storage.listdir("") == (["ab", "cd"], ["readme"])
    assert storage.listdir("ab") == (["abc", "abd"], [])
    assert storage.listdir("ab/abc") == ([], ["original", "view"])
    assert storage.listdir("nothing") == ([], [])


def test_a_list_is_whole_however_long_it_is(storage: Storage, bucket: S3Server) -> None:
    bucket.objects |= {f"files/{number:04}/0": b"" for number in range(2500)}
    folders, files = storage.listdir("")
    assert (folders, files) == ([f"{number:04}" for number in range(2500)], [])


def test_it_has_no_address_for_others(storage: Storage) -> None:
    write(storage, "1/0")
    with pytest.raises(NotImplementedError):
        storage.url("1/0")


def test_a_reading_that_breaks_off_says_so(storage: Storage, bucket: S3Server) -> None:
    write(storage, "1/0", b"x" * 1000)
    bucket.breaks_after = 100
    with pytest.raises(BucketAwayError), storage.open("1/0") as file:
        file.read()


@pytest.mark.parametrize("fault", ["AccessDenied", "NoSuchBucket", "InvalidAccessKeyId"])
def test_a_refusal_is_no_missing_file(storage: Storage, bucket: S3Server, fault: str) -> None:
    bucket.fault = fault
    with pytest.raises(BucketRefusedError, match=fault) as refused:
        storage.open("1/0")
    assert refused.value.code == fault
    assert not isinstance(refused.value, FileNotFoundError)


def test_what_fails_once_is_asked_for_again(storage: Storage, bucket: S3Server) -> None:
    write(storage, "1/0")
    bucket.faults = ["InternalError"]
    assert read(storage, "1/0") == b"Milk"


@pytest.mark.parametrize("fault", ["refuse", "hang"])
def test_a_bucket_that_is_away_is_not_asked_again_at_once(
    storage: Storage, bucket: S3Server, way: ServerProxy, fault: str
) -> None:
    getattr(way, fault)()
    for _ in range(2):
        with pytest.raises(BucketAwayError):
            write(storage, "1/0")
    with pytest.raises(BucketAwayError, match="a moment ago"):
        read(storage, "1/0")


def test_a_bucket_that_came_back_is_used_again(
    storage: Storage, way: ServerProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatsite.s3.client.PAUSE", 0.0)
    way.refuse()
    with pytest.raises(BucketAwayError):
        write(storage, "1/0")
    way.come_back()
    write(storage, "1/0")
    assert read(storage, "1/0") == b"Milk"
