"""PINs on their way here: a kiosk seals each to this installation's key, so that it keeps none.

The seal is RSA-OAEP with SHA-256 (RFC 8017 section 7.1), which every browser can make (Web Crypto
"RSA-OAEP") and only the private key opens. What is inside names its turn and its person: a seal
that is copied to another turn does not fit there.
"""

import json
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from webapp.key_files import read_or_make

FILE_NAME = "seal_private.pem"
BITS = 3072
LONGEST_SEAL = 1024  # characters of base64; a seal of 3072 bits has 512


@dataclass(frozen=True, slots=True)
class Opened:
    """What a seal held."""

    person: str
    turn: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealKey:
    """The key pair; browsers seal to `public_jwk` (RFC 7517)."""

    private: RSAPrivateKey = field(repr=False)
    public_jwk: dict[str, object]

    def open(self, sealed: str) -> Opened | None:
        """Return what the seal (base64) holds, or None when it is none of ours."""
        try:
            content = json.loads(self.private.decrypt(b64decode(sealed, validate=True), _padding()))
            return Opened(str(content["person"]), str(content["turn"]), str(content["pin"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None


@lru_cache(maxsize=4)
def load_or_create_key(data_dir: Path) -> SealKey:
    """Return the key of `data_dir`, made on the first call.

    Raises OSError when the directory cannot be written, ValueError when the file holds no RSA key.
    """
    pem = read_or_make(data_dir / FILE_NAME, _fresh)
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, RSAPrivateKey):
        raise ValueError(f"{FILE_NAME} holds no RSA key")
    return SealKey(private, _jwk(private))


def _fresh() -> bytes:
    private = generate_private_key(public_exponent=65537, key_size=BITS)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _jwk(private: RSAPrivateKey) -> dict[str, object]:
    public = private.public_key().public_numbers()
    return {
        "kty": "RSA",
        "alg": "RSA-OAEP-256",
        "ext": True,
        "key_ops": ["encrypt"],
        "n": _number(public.n),
        "e": _number(public.e),
    }


def _number(number: int) -> str:
    """Base64urlUInt of RFC 7518 section 2."""
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(octets).decode().rstrip("=")


def _padding() -> OAEP:
    return OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)
