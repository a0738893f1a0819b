"""A push service that answers 201 to whatever is posted, and notes when: for timing only."""

import asyncio
import multiprocessing
import socket
import ssl
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

_FORK = multiprocessing.get_context("fork")


class Sink:
    """Runs in a process of its own. With `silent`, it takes requests and answers none."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, silent: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        port = self._listener.getsockname()[1]
        self.port = int(port)
        self.origin = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}"
        self._line, there = _FORK.Pipe()
        self._process = _FORK.Process(
            target=_serve, args=(self._listener, there, tls, silent), daemon=True
        )

    def __enter__(self) -> Self:
        self._process.start()
        self._listener.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.join()

    def accepted(self) -> list[float]:
        """When each request so far was accepted, in seconds since 1970."""
        self._line.send("accepted")
        return list(self._line.recv())

    def answer_from_now_on(self) -> None:
        """A sink that was silent answers what comes from now on."""
        self._line.send("answer")
        self._line.recv()

    def wait_for(self, count: int, within: float) -> list[float]:
        """The moments, as soon as there are `count`, or what there is when the time is over."""
        give_up = time.monotonic() + within
        while len(moments := self.accepted()) < count and time.monotonic() < give_up:
            time.sleep(0.05)
        return moments


def _serve(
    listener: socket.socket, line: Connection, tls: ssl.SSLContext | None, silent: bool
) -> None:
    moments: list[float] = []
    is_silent = [silent]

    class Answers(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            self._transport, self._came = transport, b""

        def data_received(self, data: bytes) -> None:
            self._came += data
            while (size := _size_of_first(self._came)) and len(self._came) >= size:
                self._came = self._came[size:]
                if not is_silent[0]:
                    moments.append(time.time())
                    self._transport.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")

    def asked() -> None:
        if line.recv() == "answer":
            is_silent[0] = False
        line.send(moments)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(line.fileno(), asked)
        server = await loop.create_server(Answers, sock=listener, ssl=tls)
        await server.serve_forever()

    asyncio.run(serve())


def _size_of_first(came: bytes) -> int:
    """Bytes of the first request; 0 while its head is not complete."""
    end = came.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = came[:end].lower()
    after = head.index(b"content-length:") + len(b"content-length:")
    return end + 4 + int(head[after:].split(b"\r\n", 1)[0])
