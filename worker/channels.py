"""The ways by which messages go out. Each has its own room, so that a slow one delays no other.

A channel is named like `outbox.channel`. It wraps leased rows into parcels, sends them in its
own threads or processes, and tells when each has ended; leasing and settling are shared
(`worker.deliver`). To add one: a class with these methods, and a line in `_MAKERS`.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol

from sqlalchemy.orm import Session

from webapp import context
from webapp.config import Settings
from webapp.push_keys import load_or_create_keys
from worker.by_extra import ExtraChannel
from worker.by_mail import MailChannel
from worker.outbox import Row
from worker.parcels import Parcel, Wrapped
from worker.push.channel import LastsUntil, PushChannel, Sent, Tell
from worker.push.exchange import Exchange, Roads
from worker.push.letter import Sealer

# The channel's name, the parcel, and what became of it at each of its targets.
Ended = tuple[str, Parcel, Sent]


class Channel(Protocol):
    """What delivery asks of a channel; `is_slow` when one message may take over a minute."""

    name: str
    is_slow: bool

    def wrap(
        self, session: Session, rows: list[Row], settings: Settings, now: datetime
    ) -> Wrapped[Any]:
        """What of these rows is to be sent now, and what becomes of the others."""

    def send(self, wrapped: list[Any], lasts_until: LastsUntil) -> None:
        """Begin to send, without waiting; each parcel ends in a call of `tell`."""

    def move(self, lasts_until: LastsUntil) -> None:
        """Called again and again while something is in hand."""

    def close(self) -> None:
        """Let go of threads, processes and connections."""


class Channels:
    """Every channel of this process, and the parcels that have ended."""

    def __init__(self, settings: Settings, processes: int = 0) -> None:
        self.ended: SimpleQueue[Ended] = SimpleQueue()
        self.all = [
            make(settings, partial(self._put, name), processes) for name, make in _MAKERS.items()
        ]

    def close(self) -> None:
        """Close each."""
        for channel in self.all:
            channel.close()

    def _put(self, name: str, parcel: Parcel, sent: Sent) -> None:
        self.ended.put((name, parcel, sent))


def _push(settings: Settings, tell: Tell, processes: int) -> Channel:
    keys = load_or_create_keys(settings.data_dir)

    def halves() -> tuple[Sealer, Exchange]:
        sealer = Sealer(
            keys, extra_hosts=settings.push_hosts, insecure=settings.push_insecure, wall=time.time
        )
        return sealer, Exchange(Roads(insecure=settings.push_insecure), time.time)

    return PushChannel(halves, tell, processes)


def _email(settings: Settings, tell: Tell, processes: int) -> Channel:
    return MailChannel(settings.mail, tell)


def _extra(settings: Settings, tell: Tell, processes: int) -> Channel:
    return ExtraChannel(settings.extra_schemes, tell)


_MAKERS: dict[str, Callable[[Settings, Tell, int], Channel]] = {
    "push": _push,
    "email": _email,
    "extra": _extra,
}

_open: dict[int, Channels] = {}


def open_channels(processes: int = 0) -> Channels:
    """The application's channels, made on first use; the worker makes them before any thread."""
    settings = context.settings()
    if id(settings) not in _open:
        _open[id(settings)] = Channels(settings, processes)
    return _open[id(settings)]


def close_channels() -> None:
    """Close the channels of every application of this process."""
    while _open:
        _open.popitem()[1].close()
