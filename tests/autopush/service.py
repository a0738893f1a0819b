"""The push service in this process: one server for browsers, one for applications."""

from http.server import ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

from websockets.sync.server import ServerConnection, serve

from tests.autopush.conversation import SUBPROTOCOL, Conversation
from tests.autopush.endpoint import EndpointHandler
from tests.autopush.mailbox import Mailbox, Notice


class _Endpoints(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hangs up is no error."""


class Autopush:
    """`with Autopush() as service:` listens at `service.url` (browsers) and `service.origin`."""

    def __init__(self, mailbox: Mailbox | None = None) -> None:
        self.mailbox = mailbox or Mailbox()
        handler = type("Handler", (EndpointHandler,), {"mailbox": self.mailbox})
        self._endpoints = _Endpoints(("127.0.0.1", 0), handler)
        self.origin = f"http://127.0.0.1:{self._endpoints.server_port}"
        handler.origin = self.origin  # type: ignore[attr-defined]
        self._sockets = serve(self._converse, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL])
        self.url = f"ws://127.0.0.1:{self._sockets.socket.getsockname()[1]}/"
        self._threads = [
            Thread(target=self._endpoints.serve_forever, args=(0.05,), daemon=True),
            Thread(target=self._sockets.serve_forever, daemon=True),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._endpoints.shutdown()
        self._endpoints.server_close()
        self._sockets.shutdown()
        for thread in self._threads:
            thread.join()

    @property
    def notices(self) -> list[Notice]:
        """Every push that was accepted, oldest first."""
        return list(self.mailbox.notices)

    def _converse(self, socket: ServerConnection) -> None:
        Conversation(socket, self.mailbox, lambda token: f"{self.origin}/wpush/{token}").hold()
