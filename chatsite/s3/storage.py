"""The storage of Django's that keeps files in the bucket.

No object has an address for others: `url` isn't there, and nothing is signed for browsers. Bytes
leave by the site's own views, which look who asks.
"""

from collections.abc import Iterator
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from chatsite.s3.client import call
from chatsite.s3.object_reader import ObjectReader


@deconstructible(path="chatsite.s3.storage.S3Storage")
class S3Storage(Storage):
    """What is below a folder of the bucket. What is written once more takes the place of what is
    there, as in `private_folder`. Everything raises what client.py says.
    """

    def __init__(self, folder: str) -> None:
        self._prefix = f"{settings.S3_PREFIX}{folder}/"

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        key = self._prefix + name
        reader = ObjectReader(key, call("get_object", key)["Body"])
        return File(cast("IO[bytes]", reader), name)

    def _save(self, name: str, content: File[Any]) -> str:
        call("put_object", self._prefix + name, Body=content.read())
        return name

    def delete(self, name: str) -> None:
        call("delete_object", self._prefix + name)

    def exists(self, name: str) -> bool:
        try:
            call("head_object", self._prefix + name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return int(call("head_object", self._prefix + name)["ContentLength"])

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files; there is no folder without files, and so none that is missing."""
        prefix = self._prefix + (f"{path.strip('/')}/" if path else "")
        folders, files = [], []
        for page in list_pages(prefix):
            folders += [each["Prefix"] for each in page.get("CommonPrefixes", ())]
            files += [each["Key"] for each in page.get("Contents", ())]
        # An object that ends in a slash is how some consoles make folders.
        return (
            [each[len(prefix) : -1] for each in folders],
            [name for each in files if (name := each[len(prefix) :])],
        )


def list_pages(prefix: str) -> Iterator[Any]:
    """Yield the answers about what is below this prefix, 1,000 names each."""
    more: dict[str, str] = {}
    while True:
        page = call("list_objects_v2", Prefix=prefix, Delimiter="/", **more)
        yield page
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}
