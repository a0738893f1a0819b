"""What a real push service refuses: each broken rule becomes one sentence."""

import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

MAX_BODY = 4096
LONGEST_TOKEN = 24 * 3600

_AUTHORIZATION = re.compile(r"vapid t=([\w.-]+), ?k=([\w-]+)", re.ASCII)
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONTACT = re.compile(r"mailto:[^@\s:]+@[^@\s:]+|https://\S+")


def vapid_violations(authorization: str, origin: str) -> list[str]:
    """The rules of RFC 8292 that the Authorization header breaks."""
    match = _AUTHORIZATION.fullmatch(authorization)
    if match is None:
        return [f"authorization is not 'vapid t=, k=': {authorization[:60]!r}"]
    token, key = match.groups()
    try:
        claims = jwt.decode(
            token,
            _public_key(key),
            algorithms=["ES256"],
            audience=origin,
            options={"require": ["aud", "exp", "sub"]},
        )
    except (jwt.InvalidTokenError, ValueError) as problem:
        return [f"vapid token refused: {problem!r}"]
    return _claim_violations(claims)


def _claim_violations(claims: Mapping[str, object]) -> list[str]:
    found = []
    if int(str(claims["exp"])) > time.time() + LONGEST_TOKEN:
        found.append("vapid exp is more than 24 hours away")
    if not _CONTACT.fullmatch(str(claims["sub"])):
        found.append(f"vapid sub is neither mailto: nor https: {claims['sub']!r}")
    return found


def header_violations(headers: Mapping[str, str]) -> list[str]:
    """The rules of RFC 8030 and RFC 8291 that the other headers break. Names in lower case."""
    found = []
    if not re.fullmatch(r"[0-9]{1,10}", headers.get("ttl", "")):
        found.append(f"ttl is {headers.get('ttl')!r}")
    if headers.get("urgency", "normal") not in ("very-low", "low", "normal", "high"):
        found.append(f"urgency is {headers['urgency']!r}")
    if not _TOPIC.fullmatch(headers.get("topic", "none")):
        found.append(f"topic is {headers['topic']!r}")
    if headers.get("content-encoding") != "aes128gcm":
        found.append(f"content-encoding is {headers.get('content-encoding')!r}")
    return found


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    point = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
