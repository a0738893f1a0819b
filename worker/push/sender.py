"""One message to one subscription, encrypted, signed and posted."""

import re
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass

import httpcore
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import AnyHttpUrl
from webpush import VAPID, WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from webapp.push_keys import VapidKeys
from webapp.rules.push_endpoint import (
    Endpoint,
    SubscriptionError,
    check_contact,
    check_endpoint,
    check_keys,
)
from worker.push.network import AddressRefused, PinnedBackend, open_pool
from worker.push.outcome import Outcome, outcome_of
from worker.push.vapid import VapidSigner

MAX_PAYLOAD = 3993  # RFC 8291 section 4: 4096 less header, delimiter and tag
MAX_TTL = 28 * 24 * 3600  # what push services keep at most
URGENCIES = ("very-low", "low", "normal", "high")
READ_AT_MOST = 4096

_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a device listens: the endpoint, and its keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each wait of one try."""

    connect: float = 5.0
    read: float = 10.0
    write: float = 10.0
    pool: float = 10.0


class _Unsigned(VAPID):
    """Keeps webpush from signing each message: VapidSigner does that once per origin."""

    def get_authorization_header(
        self, endpoint: AnyHttpUrl, subscriber: str, expiration: int
    ) -> str:
        return ""


class PushSender:
    """Sends over pooled connections. Safe to share between threads; not across a fork."""

    def __init__(
        self,
        keys: VapidKeys,
        *,
        extra_hosts: Collection[str] = (),
        insecure: bool = False,
        wall: Callable[[], float] = time.time,
        timeouts: Timeouts = Timeouts(),
        backend: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`wall` is the real clock even where Baton's own is moved. `insecure` is for tests."""
        self._extra_hosts = tuple(extra_hosts)
        self._insecure = insecure
        self._wall = wall
        self._timeouts = asdict(timeouts)
        self._signer = VapidSigner(keys, wall)
        self._encrypter = _encrypter(keys)
        self._pool = open_pool(backend or PinnedBackend(insecure=insecure), tls)

    def send(
        self,
        subscription: Subscription,
        message: bytes,
        *,
        ttl: int,
        urgency: str,
        topic: str | None,
        contact: str,
    ) -> Outcome:
        """What the push service said. A try that fails is an outcome, never an exception.

        `ttl` in seconds, 1 or more (kept to 28 days); `urgency` of RFC 8030 section 5.3;
        `topic` up to 32 base64url characters, replaces an undelivered message of that topic;
        `contact` a mailto: or https: address of the operator. ValueError when the message is
        over 3,993 bytes or one of these is wrong: that is the caller's mistake.
        """
        headers = _headers(message, ttl, urgency, topic)
        check_contact(contact)
        try:
            endpoint = check_endpoint(subscription.endpoint, self._extra_hosts, self._insecure)
            check_keys(subscription.p256dh, subscription.auth)
        except SubscriptionError as problem:
            return Outcome("refused", reason=problem.reason)
        headers["Authorization"] = self._signer.header(endpoint.origin, contact)
        return self._post(endpoint, headers, self._encrypted(message, subscription))

    def close(self) -> None:
        """Closes the pooled connections."""
        self._pool.close()

    def _encrypted(self, message: bytes, subscription: Subscription) -> bytes:
        keys = WebPushKeys(auth=subscription.auth, p256dh=subscription.p256dh)
        target = WebPushSubscription(endpoint=AnyHttpUrl(subscription.endpoint), keys=keys)
        encrypted: bytes = self._encrypter.get(message, target).encrypted
        return encrypted

    def _post(self, endpoint: Endpoint, headers: dict[str, str], body: bytes) -> Outcome:
        try:
            return self._exchange(endpoint, headers, body)
        except AddressRefused:
            return Outcome("refused", reason="address_not_public")
        except httpcore.TimeoutException:
            return Outcome("retry", reason="timeout")
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError):
            return Outcome("retry", reason="connection")

    def _exchange(self, endpoint: Endpoint, headers: dict[str, str], body: bytes) -> Outcome:
        url = httpcore.URL(
            scheme=endpoint.scheme, host=endpoint.host, port=endpoint.port, target=endpoint.target
        )
        headers["Host"] = endpoint.origin.partition("://")[2]
        headers["Content-Length"] = str(len(body))
        with self._pool.stream(
            "POST",
            url,
            headers=list(headers.items()),
            content=body,
            extensions={"timeout": self._timeouts},
        ) as response:
            retry_after = _header(response, b"retry-after")
            return outcome_of(response.status, retry_after, _start_of(response), self._wall())


def _encrypter(keys: VapidKeys) -> WebPush:
    """One webpush for all threads: nothing is set per call, so nothing leaks into the next."""
    private_pem = keys.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    push = WebPush(private_pem, keys.public_pem, subscriber="unused")
    push.vapid = _Unsigned(private_pem, keys.public_pem)
    return push


def _headers(message: bytes, ttl: int, urgency: str, topic: str | None) -> dict[str, str]:
    if len(message) > MAX_PAYLOAD:
        raise ValueError(f"a push holds {MAX_PAYLOAD} bytes, not {len(message)}")
    if ttl < 1:
        raise ValueError("a ttl under one second is dropped by a sleeping device")
    if urgency not in URGENCIES:
        raise ValueError(f"no urgency {urgency!r}")
    if topic is not None and not _TOPIC.fullmatch(topic):
        raise ValueError("a topic is 1 to 32 base64url characters")
    headers = {
        "TTL": str(min(int(ttl), MAX_TTL)),
        "Urgency": urgency,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }
    return headers if topic is None else {**headers, "Topic": topic}


def _header(response: httpcore.Response, name: bytes) -> str | None:
    for key, value in response.headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return None


def _start_of(response: httpcore.Response) -> bytes:
    """Enough of the body to know why; a service that sends more loses its connection."""
    start = b""
    for part in response.iter_stream():
        start += part
        if len(start) >= READ_AT_MOST:
            break
    return start[:READ_AT_MOST]
