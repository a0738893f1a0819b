"""Between the browser and the server: carries everything, and strikes when it is told to."""

import http.client
import re
import socket
import struct
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from tests.offline.strikes import STRIKES, Aim, Answer

PIECE = 16_384
TIMEOUT = 30
NO_LINGER = struct.pack("ii", 1, 0)
AIMS: dict[Aim, re.Pattern[str]] = {
    "sync": re.compile(r"^POST /api/v1/sync$"),
    "bytes": re.compile(r"^PUT /api/v1/blobs/"),
    "any": re.compile(r"^(GET /api/v1/today|POST /api/v1/sync|(HEAD|PUT) /api/v1/blobs/)"),
}
# Where the app says which version it is.
NAMED_IN = ("/sw.js", "/sw/precache.js")
# What would let the server answer in a way that cannot be rewritten.
PLAIN = {"accept-encoding", "if-none-match", "if-modified-since"}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "content-length"}
NAME = re.compile(rb'"(\d+)\.([0-9a-f]{16})"')


class Handler(BaseHTTPRequestHandler):
    """One connection of the browser."""

    protocol_version = "HTTP/1.1"
    server: "FaultProxy"

    def setup(self) -> None:
        """As every handler; nothing of a request is read yet."""
        super().setup()
        self.method = ""
        self._body: bytes | None = None

    def handle(self) -> None:
        """Until the browser or a strike ends it."""
        with suppress(OSError, ValueError):
            super().handle()

    def finish(self) -> None:
        """A connection that was torn down has nothing left to flush."""
        with suppress(OSError, ValueError):
            super().finish()

    def serve(self) -> None:
        """One request."""
        self.method, self._body = self.command, None
        line = f"{self.command} {self.path}"
        self.server.requests[line.split("/blobs/")[0]] += 1
        page = self.server.pages.get(self.path)
        if page is not None:
            return self.reply(Answer(200, [("Content-Type", page[0])], page[1]))
        strike = self.server.strike_at(line)
        if strike:
            STRIKES[strike][0](self)
            return self.server.struck_by(strike)
        return self.reply(self.server.rewritten(self.path, self.forward()))

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = serve  # noqa: N815 names that http.server wants

    @property
    def _length(self) -> int:
        return int(self.headers.get("Content-Length") or 0)

    def read(self) -> bytes:
        """The body of the request, whole."""
        if self._body is None:
            self._body = self.rfile.read(self._length)
        return self._body

    def tear(self) -> None:
        """End the connection with a reset, where it is: what is not read yet is not wanted."""
        if self._body is None:
            self.rfile.read(self._length // 2)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.close_connection = True

    def forward(self) -> Answer:
        """Bring the request to the server; its answer."""
        body = self.read() or None
        port = self.server.port_behind
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        left_out = HOP_BY_HOP | (PLAIN if self.path in NAMED_IN else set())
        headers = {k: v for k, v in self.headers.items() if k.lower() not in left_out}
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            said = [(k, v) for k, v in answer.getheaders() if k.lower() not in HOP_BY_HOP]
            if self.command == "HEAD":
                said.append(("Content-Length", answer.headers.get("Content-Length") or "0"))
            return Answer(answer.status, said, answer.read())
        except (OSError, http.client.HTTPException):
            return Answer(502, [("Content-Type", "text/plain")], b"The server is away.")
        finally:
            connection.close()

    def reply(self, answer: Answer, cut_at: int | None = None, pause: float = 0.0) -> None:
        """Answer the browser: only so many bytes of the body, a pause after each piece."""
        self.read()
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = answer.body[:cut_at] if self.command != "HEAD" else b""
        for at in range(0, len(body), PIECE):
            self.wfile.write(body[at : at + PIECE])
            self.wfile.flush()
            time.sleep(pause)

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


class FaultProxy(ThreadingHTTPServer):
    """Listens on a port of its own. Used as a context manager.

    `struck` counts strikes by name, `requests` what came by method and path; `pages` are addresses
    answered here: (type, body). `version` stands in for the app's own, `major` for its first part.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port_behind: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.port_behind = port_behind
        self.url = f"http://localhost:{self.server_address[1]}"
        self.struck: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.version = ""
        self.major = ""
        self.uploading = Event()
        self._armed: dict[str, int] = {}
        self._lock = Lock()
        self._thread = Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()

    def arm(self, strike: str, times: int | None = None) -> None:
        """Let the next requests that it is for be struck: as many as it strikes, or so many."""
        with self._lock:
            self._armed[strike] = times or STRIKES[strike][2]

    def disarm(self) -> None:
        """Carry everything from now on."""
        with self._lock:
            self._armed.clear()

    def is_armed(self) -> bool:
        """Whether something is still to be struck."""
        return bool(self._armed)

    def strike_at(self, line: str) -> str:
        """The strike for this request, if one is due; it is used up by that."""
        if AIMS["bytes"].match(line):
            self.uploading.set()
        with self._lock:
            for strike, left in self._armed.items():
                if AIMS[STRIKES[strike][1]].match(line):
                    self._armed[strike] = left - 1
                    if left <= 1:
                        del self._armed[strike]
                    return strike
        return ""

    def struck_by(self, strike: str) -> None:
        """Count it."""
        with self._lock:
            self.struck[strike] += 1

    def rewritten(self, path: str, answer: Answer) -> Answer:
        """The service worker of another version of the app, when one is set."""
        if not self.version or path not in NAMED_IN or answer.status != 200:
            return answer
        name = b'"%s.%s\\2"' % (self.major.encode() or b"\\1", self.version.encode())
        kept = [(k, v) for k, v in answer.headers if k.lower() != "etag"]
        return Answer(200, kept, NAME.sub(name, answer.body))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that was killed, or a connection torn down here, is no error."""
