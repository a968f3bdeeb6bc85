"""A bucket of S3 over a real socket, as far as the site uses one: it checks signatures, lists in
pages, and can be told to fail.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

from pytest_django import Settings

from chatsite.s3 import client
from chatsite.s3.configuration import bucket_folder

BUCKET, ACCESS_KEY, SECRET_KEY = "chat-files", "access-key-of-the-tests", "secret-key-of-the-tests"
STATUSES = {
    "NoSuchKey": 404,
    "NoSuchBucket": 404,
    "InvalidAccessKeyId": 403,
    "SignatureDoesNotMatch": 403,
    "AccessDenied": 403,
    "QuotaExceeded": 403,
    "InternalError": 500,
}


class S3Server:
    """`objects` are those of the one bucket that there is. `fault` is the code of the error that
    everything is answered with, `is_public` whether anybody may read, `requests` what was asked.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.fault = ""
        # What the next requests are answered with.
        self.faults: list[str] = []
        # Methods that the key isn't allowed.
        self.denied: set[str] = set()
        self.is_public = False
        self.page_size = 1000
        # Of an answer with an object, how many bytes come before the line breaks.
        self.breaks_after: int | None = None
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.bucket = self  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a site that is started has in its environment."""
        return {
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    def __enter__(self) -> Self:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def use_bucket(settings: Settings, server: S3Server) -> Iterator[S3Server]:
    """Have the site keep its files there."""
    client.close_client()
    for name, value in server.environment.items():
        setattr(settings, name, value)
    settings.STORAGES = settings.STORAGES | {
        name: bucket_folder(name) for name in ("files", "uploads")
    }
    yield server
    client.close_client()


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # who connects at the same moment


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def bucket(self) -> S3Server:
        bucket: S3Server = self.server.bucket  # type: ignore[attr-defined]
        return bucket

    def handle_request(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        _, name, *rest = unquote(parts.path).split("/", 2)
        key = rest[0] if rest else ""
        self.bucket.requests.append((self.command, key))
        if code := self.find_error(name, is_reading=bool(key) and self.command == "GET"):
            self.refuse(code)
        elif key:
            self.handle_object(key)
        else:
            self.list_objects(dict(parse_qsl(parts.query, keep_blank_values=True)))

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_request  # noqa: N815 - the library calls it so

    def find_error(self, name: str, *, is_reading: bool) -> str:
        if fault := self.bucket.faults.pop(0) if self.bucket.faults else self.bucket.fault:
            return fault
        if "Authorization" not in self.headers:
            return "" if self.bucket.is_public and is_reading else "AccessDenied"
        if f"Credential={ACCESS_KEY}/" not in self.headers["Authorization"]:
            return "InvalidAccessKeyId"
        if not is_signed(self.command, self.path, dict(self.headers), self.body):
            return "SignatureDoesNotMatch"
        if self.command in self.bucket.denied:
            return "AccessDenied"
        return "" if name == BUCKET else "NoSuchBucket"

    def handle_object(self, key: str) -> None:
        objects = self.bucket.objects
        if self.command == "PUT":
            objects[key] = self.body
            self.answer(200)
        elif self.command == "DELETE":
            objects.pop(key, None)
            self.answer(204)
        elif key not in objects:
            self.refuse("NoSuchKey")
        else:
            self.answer(200, objects[key], "binary/octet-stream")

    def list_objects(self, query: dict[str, str]) -> None:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        found = set()
        for key in self.bucket.objects:
            if key.startswith(prefix):
                head, cut, _ = key.removeprefix(prefix).partition(delimiter or "\0")
                found.add(prefix + head + (cut if delimiter else ""))
        start = query.get("continuation-token", "")
        names = sorted(name for name in found if name > start)
        size = min(self.bucket.page_size, int(query.get("max-keys", 1000)))
        page = names[:size]
        xml = "".join(
            f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
            if delimiter and name.endswith(delimiter)
            else f"<Contents><Key>{escape(name)}</Key></Contents>"
            for name in page
        )
        is_cut = len(names) > size
        if is_cut:
            xml += f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>"
        xml += f"<IsTruncated>{str(is_cut).lower()}</IsTruncated>"
        self.answer(200, f"<ListBucketResult>{xml}</ListBucketResult>".encode())

    def refuse(self, code: str) -> None:
        xml = f"<Error><Code>{code}</Code><Message>{code}!</Message></Error>"
        self.answer(STATUSES[code], xml.encode())

    def answer(self, status: int, body: bytes = b"", kind: str = "application/xml") -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        limit = self.bucket.breaks_after
        if limit is not None and status == 200 and kind != "application/xml":
            self.wfile.write(body[:limit])
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests need no log."""


def is_signed(method: str, path: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a request has the signature of version 4 that only who has the key can make."""
    values = {name.lower(): value.strip() for name, value in headers.items()}
    _, fields = values["authorization"].split(" ", 1)
    given = dict(field.strip().split("=", 1) for field in fields.split(","))
    _, scope = given["Credential"].split("/", 1)
    digest = values["x-amz-content-sha256"]
    if digest not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        return False
    names = given["SignedHeaders"].split(";")
    parts = urlsplit(path)
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    canonical = "\n".join(
        [
            method,
            parts.path,
            urlencode(pairs, quote_via=quote, safe="-_.~"),
            *(f"{name}:{values[name]}" for name in names),
            "",
            ";".join(names),
            digest,
        ]
    )
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{values['x-amz-date']}\n{scope}\n{hashed}"
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), given["Signature"])
