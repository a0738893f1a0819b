"""What a bad line does to one request: by name, each a way to answer in place of the server."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Literal, Protocol

JSON = "application/problem+json"
PORTAL = b"<!doctype html><title>Welcome</title><h1>Accept the terms to use this Wi-Fi</h1>"
GATEWAY = b"<html><body><h1>%d</h1></body></html>"
SIGN_IN = (
    b'{"type":"about:blank","title":"Sign in","status":401,"code":"sign_in_required",'
    b'"detail":"Sign in to go on."}'
)
CONFLICT = (
    b'{"type":"about:blank","title":"Conflict","status":409,"code":"offset_conflict",'
    b'"detail":"Go on at another offset.","offset":0}'
)


@dataclass(frozen=True)
class Answer:
    """What the server, or something in its place, said."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Exchange(Protocol):
    """One request in the hands of the proxy."""

    method: str

    def forward(self) -> Answer:
        """Bring the request to the server; its answer."""

    def reply(self, answer: Answer, cut_at: int | None = None, pause: float = 0.0) -> None:
        """Answer the browser: only so many bytes of the body, a pause after each piece."""

    def tear(self) -> None:
        """End the connection with a reset, in the midst of what has not been read yet."""


# What a strike is for: batches of commands, bytes, or whatever comes.
Aim = Literal["sync", "bytes", "any"]


def own(status: int, body: bytes, kind: str) -> Answer:
    """An answer of something in between."""
    return Answer(status, [("Content-Type", kind)], body)


def _gateway(status: int) -> Answer:
    return own(status, GATEWAY % status, "text/html")


def error_after(exchange: Exchange) -> None:
    """500, although the server has done it."""
    exchange.forward()
    exchange.reply(_gateway(500))


def error_before(exchange: Exchange) -> None:
    """500, and the server never heard of it."""
    exchange.reply(_gateway(500))


def signed_out(exchange: Exchange) -> None:
    """401 in the middle of sending."""
    exchange.reply(own(401, SIGN_IN, JSON))


def too_large(exchange: Exchange) -> None:
    """413 from a gateway."""
    exchange.reply(_gateway(413))


def conflict(exchange: Exchange) -> None:
    """409: for bytes with an offset that is not true."""
    exchange.reply(own(409, CONFLICT, JSON) if exchange.method == "PUT" else _gateway(409))


def truncated(exchange: Exchange) -> None:
    """The server has done it, and half of its answer comes."""
    answer = exchange.forward()
    exchange.reply(answer, cut_at=len(answer.body) // 2)
    reset(exchange)


def portal(exchange: Exchange) -> None:
    """200 with a page of somebody else's."""
    exchange.reply(own(200, PORTAL, "text/html"))


def reset(exchange: Exchange) -> None:
    """The connection is torn down; the server has heard nothing."""
    exchange.tear()


def reset_after(exchange: Exchange) -> None:
    """The server has done it; the connection is torn down before its answer."""
    exchange.forward()
    reset(exchange)


def twice(exchange: Exchange) -> None:
    """Delivered twice, one after the other."""
    exchange.forward()
    exchange.reply(exchange.forward())


def twice_at_once(exchange: Exchange) -> None:
    """Delivered twice at the same time."""
    other = Thread(target=exchange.forward)
    other.start()
    answer = exchange.forward()
    other.join()
    exchange.reply(answer)


def slow(exchange: Exchange) -> None:
    """A line of a few kilobytes a second, both ways."""
    time.sleep(0.3)
    exchange.reply(exchange.forward(), pause=0.1)


# name: (what it does, what it is for, how many requests in a row it strikes)
STRIKES: dict[str, tuple[Callable[[Exchange], None], Aim, int]] = {
    "500 after": (error_after, "sync", 1),
    "500 after a part": (error_after, "bytes", 1),
    "500 before": (error_before, "sync", 2),
    "401": (signed_out, "sync", 1),
    "401 in an upload": (signed_out, "bytes", 1),
    "413": (too_large, "sync", 1),
    "413 in an upload": (too_large, "bytes", 1),
    "409": (conflict, "sync", 1),
    "409 in an upload": (conflict, "bytes", 1),
    "truncated": (truncated, "sync", 1),
    "truncated upload": (truncated, "bytes", 1),
    "captive portal": (portal, "any", 4),
    "reset": (reset, "sync", 1),
    "reset in an upload": (reset, "bytes", 1),
    "reset after an upload": (reset_after, "bytes", 1),
    "twice": (twice, "any", 3),
    "twice at once": (twice_at_once, "any", 3),
    "slow line": (slow, "any", 4),
}
