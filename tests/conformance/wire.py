"""The product's sender on one side, and on the other a push service that keeps what came."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.push_service import Message, PushService
from tests.push_service.devices import Device
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

CONTACT = "mailto:ops@daycare.example"
TEXT = json.dumps({"kind": "handoff", "title": "Fridge at 7 °C"}).encode()
HEADER = 86  # RFC 8188 section 2.1 with a key id of 65 bytes


def decoded(text: str) -> bytes:
    """Bytes from base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(frozen=True)
class Phone(Device):
    """A device that keeps each body as it came over the wire."""

    bodies: list[bytes] = field(default_factory=list)

    def decrypt(self, body: bytes) -> bytes:
        self.bodies.append(body)
        return super().decrypt(body)


@dataclass(frozen=True)
class Derived:
    """Every value of RFC 8291 section 3.4, as the receiving side computes it."""

    ecdh_secret: bytes
    prk_key: bytes
    ikm: bytes
    prk: bytes
    cek: bytes
    nonce: bytes


@dataclass(frozen=True)
class Pushed:
    """One push as it came: request headers, and the body in the parts of RFC 8188 section 2.1."""

    message: Message
    body: bytes
    phone: Phone

    @property
    def headers(self) -> dict[str, str]:
        return self.message.headers

    @property
    def salt(self) -> bytes:
        return self.body[:16]

    @property
    def record_size(self) -> int:
        return int.from_bytes(self.body[16:20])

    @property
    def key_id(self) -> bytes:
        return self.body[21 : 21 + self.body[20]]

    @property
    def derived(self) -> Derived:
        return derive(self.phone, self.key_id, self.salt)

    def record(self) -> bytes:
        """The plaintext of the one record, delimiter and padding included."""
        keys = self.derived
        return AESGCM(keys.cek).decrypt(keys.nonce, self.body[HEADER:], None)


def derive(phone: Phone, sender_point: bytes, salt: bytes) -> Derived:
    """RFC 8291 section 3.4 written out step by step, from nothing but HMAC and ECDH."""
    own = decoded(phone.subscription("").p256dh)
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_point)
    ecdh_secret = phone.private.exchange(ec.ECDH(), sender)
    prk_key = _hmac(phone.auth, ecdh_secret)
    ikm = _hmac(prk_key, b"WebPush: info\x00" + own + sender_point + b"\x01")
    prk = _hmac(salt, ikm)
    cek = _hmac(prk, b"Content-Encoding: aes128gcm\x00\x01")[:16]
    nonce = _hmac(prk, b"Content-Encoding: nonce\x00\x01")[:12]
    return Derived(ecdh_secret, prk_key, ikm, prk, cek, nonce)


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def subscription_of(phone: Device, origin: str) -> Subscription:
    """What the product knows of a phone."""
    public = phone.subscription(origin)
    return Subscription(public.endpoint, public.p256dh, public.auth)


class Line:
    """A sender of the product, and the push service at the other end."""

    def __init__(self, service: PushService, sender: PushSender) -> None:
        self.service, self.sender = service, sender

    def phone(self, **made: Any) -> Phone:
        """A phone that the service knows."""
        phone = Phone(**made)
        self.service.state.devices[phone.token] = phone
        return phone

    def answering(self, **answer: Any) -> Phone:
        """A phone whose next push gets this answer."""
        phone = self.phone()
        self.service.answer(phone.subscription(self.service.origin), **answer)
        return phone

    def send(self, phone: Phone, message: bytes = TEXT, **given: Any) -> Outcome:
        """One try."""
        return post(self.sender, subscription_of(phone, self.service.origin), message, **given)

    def pushed(self, message: bytes = TEXT, phone: Phone | None = None, **given: Any) -> Pushed:
        """A push that the service took, as it came."""
        phone = phone or self.phone()
        assert self.send(phone, message, **given) == Outcome("accepted", 201)
        (came,) = self.service.take(phone.subscription(self.service.origin))
        return Pushed(came, phone.bodies[-1], phone)


def post(
    sender: PushSender, subscription: Subscription, message: bytes = TEXT, **given: Any
) -> Outcome:
    """One try through the seam that the worker uses."""
    settings = {"ttl": 900, "urgency": "high", "topic": "step-1", "contact": CONTACT, **given}
    return sender.send(subscription, message, **settings)
