"""A push reaches only public addresses, and only the one that was checked."""

import ssl
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpcore
import pytest

from tests.push_service.devices import Device
from tests.worker.certificates import context_trusting, server_context
from webapp.push_keys import load_or_create_keys
from worker.push.network import AddressRefused, PinnedBackend, resolve
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

HOST = "fcm.googleapis.com"
PUBLIC = "142.250.1.95"


class Dialler(httpcore.NetworkBackend):
    """Remembers what was dialled, and dials the local server in its place."""

    def __init__(self, port: int = 0) -> None:
        self.dialled: list[str] = []
        self._port = port

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.dialled.append(host)
        if not self._port:
            raise httpcore.ConnectError("nothing there")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._port, timeout)


class Resolver:
    """Answers each look-up with the next list of addresses, and the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self._answers[min(len(self.asked), len(self._answers)) - 1]


class Accepting(BaseHTTPRequestHandler):
    """A push service that takes everything, over TLS."""

    protocol_version = "HTTP/1.1"
    hosts: list[str] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.hosts.append(self.headers["Host"])
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(Accepting, "hosts", seen)
    return seen


def serve(tls: ssl.SSLContext) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Accepting)
    server.handle_error = lambda *given: None  # type: ignore[method-assign]
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@pytest.fixture
def real_name() -> Iterator[ThreadingHTTPServer]:
    server = serve(server_context(HOST))
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def false_name() -> Iterator[ThreadingHTTPServer]:
    server = serve(server_context("evil.example"))
    yield server
    server.shutdown()
    server.server_close()


def push(
    data_dir: Path, endpoint: str, resolver: Resolver, dialler: Dialler, times: int = 1
) -> list[Outcome]:
    device = Device().subscription("https://unused.example")
    backend = PinnedBackend(resolver=resolver, dialler=dialler)
    sender = PushSender(load_or_create_keys(data_dir), backend=backend, tls=context_trusting())
    subscription = Subscription(endpoint, device.p256dh, device.auth)
    settings = {"ttl": 60, "urgency": "high", "topic": None, "contact": "mailto:a@b.example"}
    outcomes = [sender.send(subscription, b"{}", **settings) for _ in range(times)]  # type: ignore[arg-type]
    sender.close()
    return outcomes


def test_the_checked_address_is_dialled_and_the_name_is_verified(
    tmp_path: Path, real_name: ThreadingHTTPServer, hosts: list[str]
) -> None:
    dialler = Dialler(real_name.server_port)
    resolver = Resolver([PUBLIC])
    (outcome,) = push(tmp_path, f"https://{HOST}/x", resolver, dialler)
    assert outcome == Outcome("accepted", 201)
    assert (resolver.asked, dialler.dialled, hosts) == ([HOST], [PUBLIC], [HOST])


def test_a_name_that_turns_private_after_the_check_is_not_asked_again(
    tmp_path: Path, real_name: ThreadingHTTPServer, hosts: list[str]
) -> None:
    dialler = Dialler(real_name.server_port)
    resolver = Resolver([PUBLIC], ["127.0.0.1"])
    push(tmp_path, f"https://{HOST}/x", resolver, dialler, times=3)
    assert (len(resolver.asked), dialler.dialled, len(hosts)) == (1, [PUBLIC], 3)


def test_a_certificate_of_another_name_ends_the_try(
    tmp_path: Path, false_name: ThreadingHTTPServer, hosts: list[str]
) -> None:
    dialler = Dialler(false_name.server_port)
    (outcome,) = push(tmp_path, f"https://{HOST}/x", Resolver([PUBLIC]), dialler)
    assert outcome == Outcome("retry", reason="connection")
    assert hosts == []


def test_the_next_address_is_dialled_when_one_does_not_answer(tmp_path: Path) -> None:
    dialler = Dialler()
    (outcome,) = push(tmp_path, f"https://{HOST}/x", Resolver([PUBLIC, "8.8.8.8"]), dialler)
    assert outcome.kind == "retry"
    assert dialler.dialled == [PUBLIC, "8.8.8.8"]


def test_a_host_without_an_address_is_tried_again(tmp_path: Path) -> None:
    (outcome,) = push(tmp_path, f"https://{HOST}/x", Resolver([]), Dialler())
    assert outcome == Outcome("retry", reason="connection")


def test_insecure_still_refuses_a_private_network() -> None:
    backend = PinnedBackend(insecure=True, resolver=Resolver(["192.168.1.1"]), dialler=Dialler())
    with pytest.raises(AddressRefused):
        backend.connect_tcp("localhost", 80)


def test_the_resolver_of_the_system_is_asked_within_a_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "127.0.0.1" in resolve("127.0.0.1", 80)
    monkeypatch.setattr("worker.push.network.RESOLVE_WITHIN", 0)
    monkeypatch.setattr("worker.push.network._look_up", lambda *given: None)
    with pytest.raises(httpcore.ConnectTimeout):
        resolve("slow.example", 443)


def test_a_name_that_does_not_resolve_is_a_connection_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise OSError("no such name")

    monkeypatch.setattr("socket.getaddrinfo", fail)
    with pytest.raises(httpcore.ConnectError):
        resolve("missing.example", 443)
