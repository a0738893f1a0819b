"""A push reaches only public addresses, and only the one that was checked."""

import socket
import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pycurl
import pytest

from tests.push_service.devices import Device
from tests.worker.certificates import authority_file, server_context
from webapp.push_keys import load_or_create_keys
from worker.push.network import Door, Named, Names, resolve
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

HOST = "fcm.googleapis.com"
PUBLIC = "142.250.1.95"


class Dialler:
    """Remembers what was dialled, and gives a socket to the local server in its place."""

    def __init__(self, port: int = 0) -> None:
        self.dialled: list[str] = []
        self._port = port

    def __call__(self, family: int, address: tuple[str, int]) -> socket.socket:
        self.dialled.append(address[0])
        if not self._port:
            raise ConnectionRefusedError("nothing there")
        return socket.create_connection(("127.0.0.1", self._port))


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
    sender = PushSender(
        load_or_create_keys(data_dir),
        resolver=resolver,
        opener=dialler,
        authorities=authority_file(data_dir),
    )
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


@pytest.mark.parametrize("address", ["192.168.1.1", "10.0.0.8", "169.254.169.254", "::1", "::"])
@pytest.mark.parametrize("insecure", [False, True])
def test_the_door_opens_no_socket_to_a_private_address_whoever_resolved_it(address, insecure):
    dialler = Dialler()
    assert Door(insecure, dialler).open(0, (0, 0, 0, (address, 443))) == pycurl.SOCKET_BAD
    assert dialler.dialled == ([address] if insecure and address == "::1" else [])


def names(answer: Callable[[], list[str]]) -> tuple[Names, Event]:
    """Names whose resolver gives this answer, and the event of its arrival."""
    arrived = Event()
    return Names(lambda host, port: answer(), False, arrived.set), arrived


def test_a_resolver_that_does_not_answer_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.push.network.RESOLVE_WITHIN", 0)
    release = Event()
    found, arrived = names(lambda: [PUBLIC] if release.wait(30) else [])
    assert found.known("slow.example", 443) is None
    assert found.arrived() == [(("slow.example", 443), Named([], "timeout"))]
    release.set()
    assert arrived.wait(30)
    assert found.arrived() == []


def test_a_name_that_does_not_resolve_is_a_connection_error() -> None:
    def fail() -> list[str]:
        raise OSError("no such name")

    found, arrived = names(fail)
    found.known("missing.example", 443)
    assert arrived.wait(30)
    assert found.arrived() == [(("missing.example", 443), Named([], "connection"))]


def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in resolve("127.0.0.1", 80)
