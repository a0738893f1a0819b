"""The network as a push may see it: hosts resolved once and checked, checked addresses dialled.

Between a check and a second look-up a name can change its address (DNS rebinding), so there is
no second look-up: libcurl is given the checked addresses, and asks us again before it opens a
socket. TLS still asks for, and verifies, the name and not the address.
"""

import os
import socket
import time
from collections.abc import Callable
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

import pycurl

from worker.push.addresses import is_public

RESOLVE_WITHIN = 5.0
# A name is asked again after a minute, as long as a connection may idle.
KNOWN_FOR = 60.0

Resolver = Callable[[str, int], list[str]]
# Given the address family and the checked address with its port, a socket; libcurl connects it
# unless it is connected.
Opener = Callable[[int, tuple[str, int]], socket.socket]


class Named(NamedTuple):
    """What a look-up gave: addresses that may be dialled, or the reason why there are none."""

    addresses: list[str]
    problem: str | None


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host as text, by the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def open_socket(family: int, address: tuple[str, int]) -> socket.socket:
    """A fresh socket for libcurl to connect."""
    return socket.socket(family, socket.SOCK_STREAM)


def is_allowed(address: str, insecure: bool) -> bool:
    """Whether an address may be dialled: public, or loopback where a test says so."""
    return is_public(address) or (insecure and ip_address(address).is_loopback)


class Names:
    """Looks hosts up in threads that are let go, since the system's resolver knows no time-out.

    `wake` is called, from such a thread, when `arrived` has something new.
    """

    def __init__(self, resolver: Resolver, insecure: bool, wake: Callable[[], object]) -> None:
        self._resolver, self._insecure, self._wake = resolver, insecure, wake
        self._known: dict[tuple[str, int], tuple[Named, float]] = {}
        self._asked: dict[tuple[str, int], float] = {}
        self._answers: SimpleQueue[tuple[tuple[str, int], Named]] = SimpleQueue()

    def known(self, host: str, port: int) -> Named | None:
        """The answer if it is at hand; else the question is on its way."""
        name = (host, port)
        named, until = self._known.get(name, (None, 0.0))
        if named is not None and time.monotonic() < until:
            return named
        if name not in self._asked:
            self._asked[name] = time.monotonic() + RESOLVE_WITHIN
            Thread(target=self._look_up, args=name, daemon=True).start()
        return None

    def arrived(self) -> list[tuple[tuple[str, int], Named]]:
        """Answers since the last call, those that came too late included as such."""
        found = []
        while True:
            try:
                name, named = self._answers.get_nowait()
            except Empty:
                break
            if self._asked.pop(name, None) is not None:
                self._keep(name, named)
                found.append((name, named))
        return found + self._overdue()

    def forget(self, host: str, port: int) -> None:
        """Ask anew next time: nobody answered there."""
        self._known.pop((host, port), None)

    def patience(self) -> float | None:
        """Seconds until the next question has waited too long; None when none waits."""
        if not self._asked:
            return None
        return max(0.0, min(self._asked.values()) - time.monotonic())

    def _keep(self, name: tuple[str, int], named: Named) -> None:
        if named.problem is None:
            self._known[name] = (named, time.monotonic() + KNOWN_FOR)

    def _overdue(self) -> list[tuple[tuple[str, int], Named]]:
        now = time.monotonic()
        late = [name for name, until in self._asked.items() if until <= now]
        for name in late:
            del self._asked[name]
        return [(name, Named([], "timeout")) for name in late]

    def _look_up(self, host: str, port: int) -> None:
        self._answers.put(((host, port), self._checked(host, port)))
        self._wake()

    def _checked(self, host: str, port: int) -> Named:
        try:
            addresses = self._resolver(host.strip("[]"), port)
        except Exception:  # whatever the resolver says, there is no address to dial
            return Named([], "connection")
        # One bad address condemns all: a name that mixes them is an attempt, not a service.
        if not all(is_allowed(address, self._insecure) for address in addresses):
            return Named([], "address_not_public")
        return Named(addresses, None if addresses else "connection")


class Lent:
    """A socket whose descriptor pycurl copies; ours is closed as soon as nobody holds it."""

    def __init__(self, opened: socket.socket) -> None:
        self._opened = opened

    def fileno(self) -> int:
        """The descriptor to copy."""
        return self._opened.fileno()

    def __del__(self) -> None:
        self._opened.close()


class Door:
    """Opens the sockets of libcurl, for addresses that may be dialled and for no other."""

    def __init__(self, insecure: bool, opener: Opener | None) -> None:
        self._insecure, self._opener = insecure, opener

    def open(self, _purpose: int, address: tuple[int, int, int, tuple[str, int]]) -> Lent | int:
        """The socket for an address (CURLOPT_OPENSOCKETFUNCTION); a refusal fails the try."""
        family, _, _, where = address
        if not is_allowed(where[0], self._insecure):
            return int(pycurl.SOCKET_BAD)
        try:
            return Lent((self._opener or open_socket)(family, (where[0], where[1])))
        except OSError:
            return int(pycurl.SOCKET_BAD)

    def left_as_it_is(self, descriptor: int, _purpose: int) -> int:
        """Whether an opener gave a socket that is connected (CURLOPT_SOCKOPTFUNCTION)."""
        if self._opener is None:
            return int(pycurl.SOCKOPT_OK)
        with socket.socket(fileno=os.dup(descriptor)) as opened:
            try:
                opened.getpeername()
            except OSError:
                return int(pycurl.SOCKOPT_OK)
        return int(pycurl.SOCKOPT_ALREADY_CONNECTED)
