"""What the service keeps: browsers, their channels, and the pushes that wait for them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import RLock
from uuid import uuid4


@dataclass(frozen=True)
class Channel:
    """One subscription of a browser; `key` is the application's, when it named one (RFC 8292)."""

    id: str
    browser: str
    key: str | None
    token: str = field(default_factory=lambda: token_urlsafe(24))


@dataclass
class Notice:
    """One push, still encrypted, on the mailbox's clock in seconds.

    `code` is what the browser said of it: 100 means delivered.
    """

    channel: Channel
    body: bytes
    encoding: str
    topic: str | None
    expires_at: float
    version: str = field(default_factory=lambda: token_urlsafe(16))
    code: int | None = None


Send = Callable[[Notice], None]


class Mailbox:
    """Shared by the threads of both servers; a push waits until the browser acknowledges it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.notices: list[Notice] = []
        self._lock = RLock()
        self._browsers: set[str] = set()
        self._channels: dict[str, Channel] = {}
        self._gone: set[str] = set()
        self._waiting: list[Notice] = []
        self._connected: dict[str, Send] = {}

    def greet(self, browser: str | None) -> str:
        """The name of a browser: the one that it has, if it is known here, else a new one."""
        with self._lock:
            name = browser if browser in self._browsers else None
            name = name or uuid4().hex
            self._browsers.add(name)
            return name

    def connect(self, browser: str, send: Send) -> None:
        """Gives the browser what is not too old yet (RFC 8030, section 5.2), then what comes."""
        with self._lock:
            self._connected[browser] = send
            self._waiting = [each for each in self._waiting if each.expires_at > self.now()]
            for notice in self._waiting:
                if notice.channel.browser == browser:
                    send(notice)

    def disconnect(self, browser: str, send: Send) -> None:
        """Forgets the connection, unless the browser has a newer one."""
        with self._lock:
            if self._connected.get(browser) == send:
                del self._connected[browser]

    def register(self, channel: Channel) -> None:
        """Opens a channel."""
        with self._lock:
            self._channels[channel.token] = channel

    def unregister(self, browser: str, channel_id: str) -> None:
        """Closes a channel for ever, and drops what waits for it."""
        with self._lock:
            for channel in list(self._channels.values()):
                if (channel.browser, channel.id) == (browser, channel_id):
                    del self._channels[channel.token]
                    self._gone.add(channel.token)
                    self._waiting = [each for each in self._waiting if each.channel != channel]

    def channel(self, token: str) -> Channel | None:
        """The channel of an endpoint."""
        return self._channels.get(token)

    def is_gone(self, token: str) -> bool:
        """Whether the endpoint had a channel that was closed."""
        return token in self._gone

    def post(self, notice: Notice) -> None:
        """Takes a push: the one before with its topic is replaced (RFC 8030, section 5.4)."""
        with self._lock:
            self.notices.append(notice)
            self._waiting = [each for each in self._waiting if not _same_topic(each, notice)]
            self._waiting.append(notice)
            if send := self._connected.get(notice.channel.browser):
                send(notice)

    def acknowledge(self, version: str, code: int) -> None:
        """The browser has the push, or can do nothing with it: it is not sent again."""
        with self._lock:
            for notice in self._waiting:
                if notice.version == version:
                    notice.code = code
            self._waiting = [each for each in self._waiting if each.version != version]


def _same_topic(one: Notice, other: Notice) -> bool:
    return one.topic is not None and (one.channel, one.topic) == (other.channel, other.topic)
