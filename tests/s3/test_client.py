"""One client for all threads, and nothing that a library asks of the network by itself."""

import os
import subprocess
import sys
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from chatsite.s3 import client
from chatsite.s3.configuration import require_library
from tests.e2e.site import ROOT
from tests.s3_server import S3Server

GREENLETS = """
from gevent import monkey; monkey.patch_all()
import django, gevent
django.setup()
from django.core.files.storage import storages
from chatsite.core.offload import offload_with_io
def read():
    with storages["files"].open("1/0") as file:
        return sum(map(len, file.chunks()))
jobs = [gevent.spawn(read) for _ in range(30)]
jobs += [gevent.spawn(offload_with_io, read) for _ in range(30)]
gevent.joinall(jobs, raise_error=True)
print({job.value for job in jobs})
"""


def test_all_threads_have_the_same_one(bucket: S3Server) -> None:
    found = []
    threads = [threading.Thread(target=lambda: found.append(client.get_client())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {id(each) for each in found} == {id(client.get_client())}


def test_many_threads_may_use_it_at_once(storage: Storage, bucket: S3Server) -> None:
    def write(number: int) -> None:
        storage.save(f"{number}/0", ContentFile(b"%d" % number))
        with storage.open(f"{number}/0") as file:
            read[number] = file.read()

    read: dict[int, bytes] = {}
    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == {number: b"%d" % number for number in range(20)}


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatsite.s3.configuration.find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match="pip install botocore"):
        require_library()


def test_greenlets_and_threads_of_their_pool_may_use_it_at_once(bucket: S3Server) -> None:
    bucket.objects["files/1/0"] = b"Milk" * 100_000
    result = subprocess.run(
        [sys.executable, "-c", GREENLETS],
        cwd=ROOT,
        env=os.environ | bucket.environment | {"DJANGO_SETTINGS_MODULE": "chatsite.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.stdout == "{400000}\n", result.stderr
