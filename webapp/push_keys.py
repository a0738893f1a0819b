"""The key pair by which push services know this installation (VAPID, RFC 8292)."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from webpush.vapid import VAPID

from webapp.key_files import read_or_make

FILE_NAME = "vapid_private.pem"


@dataclass(frozen=True, slots=True)
class VapidKeys:
    """The pair; browsers subscribe to `application_server_key` (base64url, 87 characters)."""

    private: EllipticCurvePrivateKey = field(repr=False)
    public_pem: bytes
    application_server_key: str


def load_or_create_keys(data_dir: Path) -> VapidKeys:
    """The key pair of `data_dir`, made on the first call (mode 0600).

    Processes that start at once agree: the first complete file stays. Raises OSError when the
    directory cannot be written, ValueError when the file holds no P-256 key.
    """
    return _keys(read_or_make(data_dir / FILE_NAME, _fresh))


def _fresh() -> bytes:
    pem: bytes = VAPID.generate_keys()[0]
    return pem


def _keys(pem: bytes) -> VapidKeys:
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise ValueError(f"{FILE_NAME} holds no P-256 key")
    public = private.public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return VapidKeys(private, public_pem, urlsafe_b64encode(point).decode().rstrip("="))
