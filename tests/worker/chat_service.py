"""A chat service in this process: takes JSON by HTTP, as Apprise's json:// sends it."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class ChatService:
    """`with ChatService() as chat:` keeps what it takes; `status` is its next answers' status."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status = 200
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                came = json.loads(self.rfile.read(length))
                if chat.status == 200:
                    chat.taken.append(came)
                self.send_response(chat.status)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()

            def log_message(self, *said: object) -> None:
                """Tests say nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def address(self, secret: str) -> str:
        """The address in Apprise's form; the scheme json must be admitted by the operator."""
        return f"json://127.0.0.1:{self._server.server_port}/{secret}"
