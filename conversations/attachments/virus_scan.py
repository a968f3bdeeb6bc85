"""Has a file looked at by ClamAV's daemon before anything else reads it, where `CLAMD_URL` is set.

The daemon speaks over a socket: a command, the file in pieces with their lengths before them, and
an answer of one line (clamd(8), INSTREAM). It looks at no file of more bytes than its own
`StreamMaxLength`.

    VirusFoundError         it knows what is in the file
    ScanUnavailableError    nobody has looked at it: the daemon is away, or doesn't take so much
"""

import socket
import struct
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 60.0  # s, for each thing that is waited for
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
LENGTH = struct.Struct(">I")


class VirusFoundError(Exception):
    """The file has a virus; `name` is what the daemon calls it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ScanUnavailableError(Exception):
    """The file couldn't be looked at."""


def scan(content: bytes) -> None:
    """Return if nothing was found, or nobody is to look. Raises VirusFoundError,
    ScanUnavailableError.
    """
    if not settings.CLAMD_URL:
        return
    try:
        with closing(connect(settings.CLAMD_URL)) as line:
            answer = ask(line, content)
    except OSError as error:
        raise ScanUnavailableError(str(error)) from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return
    if said.endswith(" FOUND"):
        raise VirusFoundError(said.removesuffix(" FOUND"))
    raise ScanUnavailableError(said)


def connect(url: str) -> socket.socket:
    """Open a connection to tcp://host:port, or unix:///path/of/its/socket."""
    address = urlsplit(url)
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(TIMEOUT)
        try:
            line.connect(address.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((address.hostname, address.port or 3310), TIMEOUT)


def ask(line: socket.socket, content: bytes) -> str:
    line.sendall(b"zINSTREAM\0")
    view = memoryview(content)
    for start in range(0, len(content), PIECE):
        piece = view[start : start + PIECE]
        line.sendall(LENGTH.pack(len(piece)))
        line.sendall(piece)
    line.sendall(LENGTH.pack(0))
    answer = bytearray()
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        if not (more := line.recv(LONGEST_ANSWER)):
            break
        answer += more
    return answer.rstrip(b"\0").decode(errors="replace").strip()
