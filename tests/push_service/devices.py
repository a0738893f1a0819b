"""The browsers' side: a key pair for each subscription, and decryption with it."""

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from secrets import token_urlsafe

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True)
class Subscription:
    """What a browser hands to the application: endpoint and base64url keys."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def token(self) -> str:
        """The last part of the endpoint, by which the ledger names the subscription."""
        return self.endpoint.rpartition("/")[2]


@dataclass(frozen=True)
class Device:
    """The secret half of a subscription."""

    token: str = field(default_factory=lambda: token_urlsafe(12))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, origin: str) -> Subscription:
        """The public half, at the service of this origin."""
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return Subscription(f"{origin}/push/{self.token}", _text(point), _text(self.auth))

    def decrypt(self, body: bytes) -> bytes:
        """The plaintext (RFC 8291). Raises http_ece.ECEException or ValueError."""
        plain: bytes = http_ece.decrypt(
            body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
        )
        return plain


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
