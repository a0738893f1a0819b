"""Connections for pushes: the host is resolved once, checked, and the checked address is dialled.

Between a check and a second look-up a name can change its address (DNS rebinding), so there is
no second look-up. TLS still asks for, and verifies, the name and not the address.
"""

import socket
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread

import httpcore

from worker.push.addresses import is_public

KEEP_ALIVE = 60.0
MAX_CONNECTIONS = 64
RESOLVE_WITHIN = 5.0

Resolver = Callable[[str, int], list[str]]


class AddressRefused(httpcore.ConnectError):
    """The host resolves to an address that is not public."""


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host as text. Raises httpcore.ConnectError or ConnectTimeout.

    The system's resolver knows no time-out, so a thread that is let go asks it.
    """
    answer: Future[list[str]] = Future()
    Thread(target=_look_up, args=(answer, host, port), daemon=True).start()
    try:
        return answer.result(RESOLVE_WITHIN)
    except TimeoutError as problem:
        raise httpcore.ConnectTimeout(f"{host} did not resolve in time") from problem
    except OSError as problem:
        raise httpcore.ConnectError(f"{host} does not resolve") from problem


def _look_up(answer: "Future[list[str]]", host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
    except Exception as problem:  # handed to the thread that waits
        answer.set_exception(problem)


class PinnedBackend(httpcore.NetworkBackend):
    """Dials only addresses that were checked. `insecure` (tests only) admits loopback."""

    def __init__(
        self,
        *,
        insecure: bool = False,
        resolver: Resolver = resolve,
        dialler: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._insecure = insecure
        self._resolver = resolver
        self._dialler = dialler or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first checked address that answers; AddressRefused, or ConnectError."""
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._checked(host, port):
            try:
                return self._dialler.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                problem = failed
        raise problem

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: a push leaves the machine."""
        raise AddressRefused(path)

    def _checked(self, host: str, port: int) -> list[str]:
        addresses = self._resolver(host.strip("[]"), port)
        # One bad address condemns all: a name that mixes them is an attempt, not a service.
        for address in addresses:
            if not self._is_allowed(address):
                raise AddressRefused(f"{host} resolves to {address}")
        return addresses

    def _is_allowed(self, address: str) -> bool:
        return is_public(address) or (self._insecure and ip_address(address).is_loopback)


def open_pool(
    backend: httpcore.NetworkBackend, tls: ssl.SSLContext | None = None
) -> httpcore.ConnectionPool:
    """A thread-safe pool: keep-alive per origin, HTTP/2 where offered, never a redirect."""
    return httpcore.ConnectionPool(
        ssl_context=tls or httpcore.default_ssl_context(),
        http2=True,
        max_connections=MAX_CONNECTIONS,
        keepalive_expiry=KEEP_ALIVE,
        network_backend=backend,
    )
