"""The key pair by which push services know this installation (VAPID, RFC 8292)."""

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from webpush.vapid import VAPID

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
    path = data_dir / FILE_NAME
    if not path.exists():
        _create(path)
    return _keys(path.read_bytes())


def _create(path: Path) -> None:
    """A subscription is bound to the key for ever, so a half-written file must never appear."""
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    try:
        _write(draft, VAPID.generate_keys()[0])
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
    _sync_directory(path.parent)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keys(pem: bytes) -> VapidKeys:
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise ValueError(f"{FILE_NAME} holds no P-256 key")
    public = private.public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return VapidKeys(private, public_pem, urlsafe_b64encode(point).decode().rstrip("="))
