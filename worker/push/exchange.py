"""Many posts on their way at once, on one thread: libcurl, driven by the sockets that are ready."""

import os
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import certifi
import pycurl
import structlog

from worker.push.letter import Request
from worker.push.network import Door, Named, Names, Opener, Resolver, resolve
from worker.push.outcome import Outcome, outcome_of
from worker.push.vapid import Wall

log = structlog.get_logger()

# To one host. HTTP/2 carries them as streams of one connection.
AT_ONCE = 64
KEEP_ALIVE = 60
READ_AT_MOST = 4096

# What libcurl would add, and no push service needs to know.
_NEEDLESS = ("Expect:", "Accept:", "User-Agent:")

Done = Callable[[Outcome], None]
_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: for the connection, and for the whole of one try."""

    connect: float = 5.0
    read: float = 10.0


@dataclass(frozen=True, slots=True)
class Roads:
    """How the network is reached. `insecure` (tests only) admits loopback and plain http.

    `authorities` is the file of the certificate authorities to trust.
    """

    insecure: bool = False
    resolver: Resolver = resolve
    opener: Opener | None = None
    authorities: Path = field(default_factory=lambda: Path(certifi.where()))
    timeouts: Timeouts = Timeouts()


class Exchange:
    """Posts requests and tells each outcome. For one thread, which calls `turn` again and again.

    No redirect is followed, no proxy asked, of an answer only a few kilobytes are read.
    """

    def __init__(self, roads: Roads, wall: Wall) -> None:
        """`wall` gives real seconds since 1970, to count a Retry-After date from."""
        self._roads, self._wall = roads, wall
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._woken, selectors.EVENT_READ)
        wake = partial(os.write, self._waker, b"!")
        self._names = Names(roads.resolver, roads.insecure, wake)
        self._door = Door(roads.insecure, roads.opener)
        self._waiting: dict[tuple[str, int], list[tuple[Request, Done]]] = {}
        self._free: list[_Post] = []
        self._timer: float | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, AT_ONCE)
        self._multi.setopt(pycurl.M_MAXCONNECTS, 4 * AT_ONCE)

    def watch(self, descriptor: int) -> None:
        """Let `turn` end early when this descriptor can be read, too."""
        self._selector.register(descriptor, selectors.EVENT_READ)

    def post(self, request: Request, done: Done) -> None:
        """Begin to post; `done` is called with the outcome during a later `turn`."""
        name = (request.endpoint.host, request.endpoint.port)
        named = self._names.known(*name)
        if named is None:
            self._waiting.setdefault(name, []).append((request, done))
        else:
            self._begin(request, done, named)

    def turn(self, at_most: float) -> None:
        """Do what can be done, waiting up to `at_most` seconds for something to do."""
        for key, mask in self._selector.select(self._patience(at_most)):
            if key.fd == self._woken:
                os.read(self._woken, 4096)
            elif key.data is not None:
                self._act(key.fd, mask)
        if self._timer is not None and time.monotonic() >= self._timer:
            self._timer = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        for name, named in self._names.arrived():
            for request, done in self._waiting.pop(name, []):
                self._begin(request, done, named)
        self._collect()

    def close(self) -> None:
        """Close every connection."""
        self._multi.close()
        self._selector.close()
        os.close(self._woken)
        os.close(self._waker)

    def _begin(self, request: Request, done: Done, named: Named) -> None:
        if named.problem is not None:
            kind = "refused" if named.problem == "address_not_public" else "retry"
            done(Outcome(kind, reason=named.problem))  # type: ignore[arg-type]
            return
        post = self._free.pop() if self._free else _Post(self._roads, self._door)
        try:
            post.prepare(request, named.addresses, done)
            self._multi.add_handle(post.curl)
        except Exception:  # one request that libcurl does not take ends no other
            log.exception("a request could not be begun", origin=request.endpoint.origin)
            done(Outcome("retry", reason="failed"))

    def _collect(self) -> None:
        while True:
            more, succeeded, failed = self._multi.info_read()
            for curl, code, *_words in [*((each, pycurl.E_OK) for each in succeeded), *failed]:
                self._finish(curl.post, curl.post.outcome(code, self._wall()))
            if not more:
                return

    def _finish(self, post: "_Post", outcome: Outcome) -> None:
        self._multi.remove_handle(post.curl)
        if outcome.status is None:
            self._names.forget(*post.name)
        self._free.append(post)
        post.done(outcome)

    def _act(self, descriptor: int, mask: int) -> None:
        bits = (pycurl.CSELECT_IN if mask & selectors.EVENT_READ else 0) | (
            pycurl.CSELECT_OUT if mask & selectors.EVENT_WRITE else 0
        )
        self._multi.socket_action(descriptor, bits)

    def _watch(self, what: int, descriptor: int, _multi: Any, _data: Any) -> None:
        """Libcurl says which socket it waits for."""
        watched = descriptor in self._selector.get_map()
        if what == pycurl.POLL_REMOVE:
            if watched:
                self._selector.unregister(descriptor)
        elif watched:
            self._selector.modify(descriptor, _EVENTS[what], self)
        else:
            self._selector.register(descriptor, _EVENTS[what], self)

    def _set_timer(self, milliseconds: int) -> None:
        """Libcurl says when it wants a turn even if no socket is ready."""
        self._timer = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def _patience(self, at_most: float) -> float:
        waits = [at_most]
        if self._timer is not None:
            waits.append(max(0.0, self._timer - time.monotonic()))
        if (patience := self._names.patience()) is not None:
            waits.append(patience)
        return min(waits)


class _Post:
    """One easy handle of libcurl, set up once and used for one request after another."""

    def __init__(self, roads: Roads, door: Door) -> None:
        self.curl = pycurl.Curl()
        self.curl.post = self
        for option, value in _always(roads, door).items():
            self.curl.setopt(option, value)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._read)
        self.curl.setopt(pycurl.HEADERFUNCTION, self._read_header)

    def prepare(self, request: Request, addresses: list[str], done: Done) -> None:
        """Set what differs from request to request."""
        endpoint = request.endpoint
        self.done, self.name = done, (endpoint.host, endpoint.port)
        self._body, self._headers = b"", list[bytes]()
        curl = self.curl
        curl.setopt(pycurl.URL, endpoint.origin + endpoint.target)
        curl.setopt(pycurl.HTTPHEADER, [*request.headers, *_NEEDLESS])
        curl.setopt(pycurl.POSTFIELDS, request.body)
        dialled = ",".join(f"[{each}]" if ":" in each else each for each in addresses)
        named = not endpoint.host.startswith("[")  # an address needs no look-up
        curl.setopt(pycurl.RESOLVE, [f"{endpoint.host}:{endpoint.port}:{dialled}"] if named else [])

    def outcome(self, code: int, now: float) -> Outcome:
        """What became of it; an answer that we fail to read ends its own post and no other."""
        try:
            return self._outcome(code, now)
        except Exception:
            log.exception("an answer could not be read", host=self.name[0])
            return Outcome("retry", reason="failed")

    def _outcome(self, code: int, now: float) -> Outcome:
        status = self.curl.getinfo(pycurl.RESPONSE_CODE)
        if code == pycurl.E_OK or (code == pycurl.E_WRITE_ERROR and status):  # or only too long
            return outcome_of(status, self._retry_after(), self._body, now)
        reason = "timeout" if code == pycurl.E_OPERATION_TIMEDOUT else "connection"
        return Outcome("retry", reason=reason)

    def _read(self, part: bytes) -> int | None:
        """Enough of the body to know why; a service that sends more loses its connection."""
        self._body = (self._body + part)[:READ_AT_MOST]
        return 0 if len(self._body) == READ_AT_MOST else None

    def _read_header(self, line: bytes) -> None:
        self._headers.append(line)

    def _retry_after(self) -> str | None:
        for line in self._headers:
            name, _, value = line.partition(b":")
            if name.lower() == b"retry-after":
                return value.decode("latin-1").strip()
        return None


def _always(roads: Roads, door: Door) -> dict[int, Any]:
    return {
        pycurl.POST: 1,
        pycurl.NOSIGNAL: 1,
        pycurl.FOLLOWLOCATION: 0,
        pycurl.PATH_AS_IS: 1,
        pycurl.PROXY: "",
        pycurl.PROTOCOLS: pycurl.PROTO_HTTPS | (pycurl.PROTO_HTTP if roads.insecure else 0),
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
        pycurl.PIPEWAIT: 1,
        pycurl.CAINFO: str(roads.authorities),
        pycurl.OPENSOCKETFUNCTION: door.open,
        pycurl.SOCKOPTFUNCTION: door.left_as_it_is,
        pycurl.CONNECTTIMEOUT_MS: int(1000 * min(roads.timeouts.connect, roads.timeouts.read)),
        pycurl.TIMEOUT_MS: int(1000 * roads.timeouts.read),
        pycurl.MAXAGE_CONN: KEEP_ALIVE,
        pycurl.DNS_CACHE_TIMEOUT: 0,
    }
