"""One message to one subscription becomes a request: checked, encrypted and signed."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

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
from worker.push.outcome import Outcome
from worker.push.vapid import VapidSigner, Wall

MAX_PAYLOAD = 3993  # RFC 8291 section 4: 4096 less header, delimiter and tag
MAX_TTL = 28 * 24 * 3600  # what push services keep at most
URGENCIES = ("very-low", "low", "normal", "high")
REMEMBERED = 4096

_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a device listens: the endpoint, and its keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str


class Letter(NamedTuple):
    """What one device is to get.

    `ttl` in seconds, 1 or more (kept to 28 days); `urgency` of RFC 8030 section 5.3; `topic` up
    to 32 base64url characters, replaces an undelivered message of that topic; `contact` a
    mailto: or https: address of the operator.
    """

    subscription: Subscription
    message: bytes
    ttl: int
    urgency: str
    topic: str | None
    contact: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted, and where to."""

    endpoint: Endpoint
    headers: list[str]
    body: bytes


class _Unsigned(VAPID):
    """Keeps webpush from signing each message: VapidSigner does that once per origin."""

    def get_authorization_header(
        self, endpoint: AnyHttpUrl, subscriber: str, expiration: int
    ) -> str:
        return ""


class Sealer:
    """Turns letters into requests. Safe to share between threads: nothing is set per call."""

    def __init__(
        self, keys: VapidKeys, *, extra_hosts: Collection[str], insecure: bool, wall: Wall
    ) -> None:
        self._extra_hosts, self._insecure = tuple(extra_hosts), insecure
        self._signer = VapidSigner(keys, wall)
        self._webpush = _encrypter(keys)
        self._checked = lru_cache(REMEMBERED)(self._check)

    def seal(self, letter: Letter) -> Request | Outcome:
        """The request, or the outcome when the subscription is not one that may be sent to.

        ValueError when the message is over 3,993 bytes or a part of the letter is wrong: that is
        the caller's mistake.
        """
        headers = _headers(letter)
        check_contact(letter.contact)
        try:
            endpoint, target = self._checked(letter.subscription)
        except SubscriptionError as problem:
            return Outcome("refused", reason=problem.reason)
        headers.append(f"Authorization: {self._signer.header(endpoint.origin, letter.contact)}")
        return Request(endpoint, headers, self.encrypted(letter.message, target))

    def encrypted(self, message: bytes, target: WebPushSubscription) -> bytes:
        """The body (RFC 8291)."""
        body: bytes = self._webpush.get(message, target).encrypted
        return body

    def _check(self, subscription: Subscription) -> tuple[Endpoint, WebPushSubscription]:
        """Look at a subscription once, not with every message to it."""
        endpoint = check_endpoint(subscription.endpoint, self._extra_hosts, self._insecure)
        check_keys(subscription.p256dh, subscription.auth)
        return endpoint, as_target(subscription)


def as_target(subscription: Subscription) -> WebPushSubscription:
    """The subscription as webpush wants it."""
    keys = WebPushKeys(auth=subscription.auth, p256dh=subscription.p256dh)
    return WebPushSubscription(endpoint=AnyHttpUrl(subscription.endpoint), keys=keys)


def _encrypter(keys: VapidKeys) -> WebPush:
    """One webpush for all messages: nothing is set per call, so nothing leaks into the next."""
    private_pem = keys.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    push = WebPush(private_pem, keys.public_pem, subscriber="unused")
    push.vapid = _Unsigned(private_pem, keys.public_pem)
    return push


def _headers(letter: Letter) -> list[str]:
    if len(letter.message) > MAX_PAYLOAD:
        raise ValueError(f"a push holds {MAX_PAYLOAD} bytes, not {len(letter.message)}")
    if letter.ttl < 1:
        raise ValueError("a ttl under one second is dropped by a sleeping device")
    if letter.urgency not in URGENCIES:
        raise ValueError(f"no urgency {letter.urgency!r}")
    if letter.topic is not None and not _TOPIC.fullmatch(letter.topic):
        raise ValueError("a topic is 1 to 32 base64url characters")
    headers = [
        f"TTL: {min(int(letter.ttl), MAX_TTL)}",
        f"Urgency: {letter.urgency}",
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
    ]
    return headers if letter.topic is None else [*headers, f"Topic: {letter.topic}"]
