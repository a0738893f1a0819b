"""A push service that answers with bytes as a test writes them, well formed or not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

ACCEPTED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


class RawService(ThreadingTCPServer):
    """Each request gets the next answer, the last one for ever; `ends` closes after each."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: list[bytes], ends: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answers, self.ends = answers, ends
        self.requests = self.connections = 0
        self.closed = Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_answer(self) -> bytes:
        """What the request that just came is told."""
        self.requests += 1
        return self.answers[min(self.requests, len(self.answers)) - 1]

    def shutdown_request(self, request: Any) -> None:
        """Tells that a connection was closed from this side."""
        super().shutdown_request(request)
        self.closed.set()

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hangs up is part of the tests."""


class _Connection(StreamRequestHandler):
    server: RawService

    def handle(self) -> None:
        self.server.connections += 1
        while self._request_came():
            self.wfile.write(self.server.next_answer())
            if self.server.ends:
                return

    def _request_came(self) -> bool:
        head = b""
        while (text := self.rfile.readline()) not in (b"\r\n", b""):
            head += text
        length = re.search(rb"content-length: (\d+)", head.lower())
        if length:
            self.rfile.read(int(length[1]))
        return bool(head)


@contextmanager
def raw_service(*answers: bytes, ends: bool = False) -> Iterator[RawService]:
    """The service, listening."""
    with RawService(list(answers), ends) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
