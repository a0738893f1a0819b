"""A machine without a network: look-ups get the test's answers, and each dial is kept and fails."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Any

import pytest

from worker.push import network as door

Addresses = list[str]


class NoNetwork:
    """`asked` are the names that were looked up, `dialled` the addresses of every try to connect.

    It stands where every client of this process must pass: `socket.getaddrinfo`, the `connect` of
    each socket, and the door through which the sender's libcurl gets its sockets.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.dialled: list[str] = []
        self._answers: list[Addresses] = [[]]

    def resolves_to(self, *answers: Addresses) -> None:
        """Each look-up gets the next answer, and the last one for ever."""
        self._answers = list(answers)

    def look_up(self, host: Any, port: Any, *given: Any, **more: Any) -> list[Any]:
        """Stands for getaddrinfo."""
        with suppress(ValueError):
            return [_entry(str(ip_address(host)), int(port))]  # an address asks nobody
        self.asked.append(str(host))
        addresses = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [_entry(address, int(port)) for address in addresses]

    def dial(self, address: Any) -> None:
        """Stands for connect."""
        self.dialled.append(address[0] if isinstance(address, tuple) else str(address))
        raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))

    def dial_and_tell(self, address: Any) -> int:
        """Stands for connect_ex."""
        with suppress(ConnectionRefusedError):
            self.dial(address)
        return errno.ECONNREFUSED


def _entry(address: str, port: int) -> tuple[Any, ...]:
    if ip_address(address).version == 4:
        return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))
    where = (address, port, 0, 0)
    return (socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where)


@contextmanager
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[NoNetwork]:
    """The network of this process is gone until the end of the block."""
    network = NoNetwork()
    with monkeypatch.context() as gone:
        gone.setattr(socket, "getaddrinfo", network.look_up)
        gone.setattr(door, "open_socket", lambda _family, to: network.dial(to))
        gone.setattr(socket.socket, "connect", lambda _, to: network.dial(to))
        gone.setattr(socket.socket, "connect_ex", lambda _, to: network.dial_and_tell(to))
        yield network


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The address of each connection that is made meanwhile; the network is there."""
    made: list[Any] = []
    connect = socket.socket.connect

    def noted(of: socket.socket, address: Any) -> None:
        made.append(address)
        connect(of, address)

    def opened(family: int, address: Any) -> socket.socket:
        made.append(address)
        return open_socket(family, address)

    open_socket = door.open_socket
    with monkeypatch.context() as seen:
        seen.setattr(door, "open_socket", opened)
        seen.setattr(socket.socket, "connect", noted)
        yield made
