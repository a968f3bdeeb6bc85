"""A server that speaks as ClamAV's daemon does, over a real socket."""

import socket
import struct
import threading
from types import TracebackType
from typing import Self

LENGTH = struct.Struct(">I")


class ClamAV:
    """Finds a virus in whatever holds `signature`; says `answer` to everything, if there is one."""

    signature = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

    def __init__(self, answer: str = "") -> None:
        self.answer = answer
        self.received: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := LENGTH.unpack(stream.read(4))[0]:
                    content += stream.read(size)
                self.received.append(content)
                found = "Eicar-Signature FOUND" if self.signature in content else "OK"
                line.sendall(f"{self.answer or f'stream: {found}'}\0".encode())
