"""The HTTP side: POST /push/<token>, and /control/ for a service in another process."""

import json
import socket
import struct
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

import http_ece

from tests.push_service.checks import MAX_BODY, header_violations, vapid_violations
from tests.push_service.state import Answer, State

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: closing sends RST


class PushHandler(BaseHTTPRequestHandler):
    """One connection, kept alive. `state`, `origin` and `closing` are set by the service."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    state: State
    origin: str
    closing: Event

    def setup(self) -> None:
        """Numbers the connection."""
        super().setup()
        self._connection_number = self.state.connected()

    def do_POST(self) -> None:
        """A push, or a command of the test that started the service."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kind, _, name = self.path.strip("/").partition("/")
        if kind == "push":
            self._push(name, body)
        elif kind == "control":
            self._control(name, json.loads(body or b"{}"))
        else:
            self._reply(Answer(404))

    def do_GET(self) -> None:
        """Answers that the service is up."""
        self._reply(Answer(200))

    def _push(self, token: str, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        device = self.state.devices.get(token)
        if device is None:
            return self._reply(Answer(404))
        if vapid := vapid_violations(headers.get("authorization", ""), self.origin):
            return self._refuse(403, vapid)
        if broken := header_violations(headers):
            return self._refuse(400, broken)
        if len(body) > MAX_BODY:
            return self._refuse(413, [f"body of {len(body)} bytes"])
        try:
            plain = device.decrypt(body)
        except (http_ece.ECEException, ValueError) as problem:
            return self._refuse(400, [f"does not decrypt: {problem!r}"])
        answer = self.state.next_answer(token)
        self.state.received(token, plain, headers, answer, self._connection_number)
        return self._reply(answer)

    def _refuse(self, status: int, sentences: list[str]) -> None:
        for sentence in sentences:
            self.state.violated(sentence)
        self._reply(Answer(status, body="; ".join(sentences)))

    def _control(self, name: str, given: dict[str, Any]) -> None:
        if name == "subscribe":
            subscription = self.state.add_device().subscription(self.origin)
            self._reply(Answer(200, body=json.dumps(asdict(subscription))))
        elif name == "answer":
            times = given.pop("times")
            self.state.program(given.pop("token"), Answer(**given), times)
            self._reply(Answer(204))
        else:
            self._reply(Answer(404))

    def _reply(self, answer: Answer) -> None:
        if answer.delay:
            self.closing.wait(answer.delay)
        if answer.reset:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            return
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silent: the ledger tells."""
