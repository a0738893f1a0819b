"""Where a push service offers HTTP/2, messages share one connection as streams."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import h2.config
import h2.connection
import h2.events
import pytest

from tests.push_service.devices import Device
from tests.worker.certificates import authority_file, server_context
from webapp.push_keys import load_or_create_keys
from worker.push.exchange import Exchange, Roads
from worker.push.letter import Letter, Request, Sealer, Subscription
from worker.push.outcome import Outcome


class Service(ThreadingTCPServer):
    """Counts connections and keeps the request headers of each stream."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Streams)
        self.tls = tls
        self.connections = 0
        self.requests: list[dict[str, str]] = []


class Streams(BaseRequestHandler):
    """Answers each complete stream with 201."""

    server: Service

    def handle(self) -> None:
        self.server.connections += 1
        link = self.server.tls.wrap_socket(self.request, server_side=True)
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        http = h2.connection.H2Connection(config)
        http.initiate_connection()
        link.sendall(http.data_to_send())
        while data := link.recv(65536):
            for event in http.receive_data(data):
                self._answer(http, event)
            link.sendall(http.data_to_send())
        link.close()

    def _answer(self, http: h2.connection.H2Connection, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self.server.requests.append({str(name): str(value) for name, value in event.headers})
        if isinstance(event, h2.events.StreamEnded):
            http.send_headers(event.stream_id, [(":status", "201")], end_stream=True)


@pytest.fixture
def service() -> Iterator[Service]:
    tls = server_context("localhost")
    tls.set_alpn_protocols(["h2"])
    server = Service(tls)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_messages_share_one_http2_connection(tmp_path: Path, service: Service) -> None:
    device = Device().subscription(f"https://localhost:{service.server_address[1]}")
    subscription = Subscription(device.endpoint, device.p256dh, device.auth)
    sealer = Sealer(load_or_create_keys(tmp_path), extra_hosts=(), insecure=True, wall=time.time)
    exchange = Exchange(Roads(insecure=True, authorities=authority_file(tmp_path)), time.time)
    outcomes: list[Outcome] = []
    for _ in range(9):
        request = sealer.seal(Letter(subscription, b"{}", 60, "low", "t", "mailto:a@b.example"))
        assert isinstance(request, Request)
        exchange.post(request, outcomes.append)
    while len(outcomes) < 9:
        exchange.turn(1.0)
    exchange.close()
    assert set(outcomes) == {Outcome("accepted", 201)}
    assert (service.connections, len(service.requests)) == (1, 9)
    assert service.requests[0][":authority"] == f"localhost:{service.server_address[1]}"
    assert service.requests[0]["ttl"] == "60"
