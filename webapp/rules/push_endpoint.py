"""What a push subscription must look like before anything is sent to it.

A subscription comes from a browser, so whoever holds a session chooses its endpoint. The same
check runs when it is saved and again before each send; the address the host resolves to is
checked by the sender, which is the only part that opens connections.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

MAX_ENDPOINT = 2048

PUSH_HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")

# The curve P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3): y^2 = x^3 - 3x + b mod p.
P256_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

_PRINTABLE = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # printable ASCII but no blank, no backslash
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")
_MAILTO = re.compile(r"mailto:[^@\s:,<>]+@(?P<host>[^@\s:,<>]+)")
_WEBSITE = re.compile(r"https://(?P<host>[^/?#@:\\\s,]+)(?::[0-9]+)?(?:[/?][^\s,]*)?")


class SubscriptionError(ValueError):
    """A subscription that Baton will not send to; `reason` is one short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A checked endpoint in the parts that a request needs; `host` is lower case."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """The ASCII origin of RFC 6454 section 6.2: the port shows unless it is the default."""
        default = {"https": 443, "http": 80}[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if self.port == default else f":{self.port}")


def check_endpoint(url: str, extra_hosts: Collection[str] = (), insecure: bool = False) -> Endpoint:
    """The endpoint in parts, or SubscriptionError.

    `extra_hosts` are the operator's: a host name, or `*.` and a suffix. `insecure` (tests only)
    also admits http and https on a loopback host and any port. Reasons: too_long, odd_characters,
    not_https, userinfo, fragment, bad_port, ip_literal, bad_host, unknown_host.
    """
    parts = _split(url)
    host = _host(parts)
    if insecure and host in LOOPBACK_HOSTS:
        return Endpoint(parts.scheme, host, _any_port(parts), _target(parts))
    if parts.scheme != "https":
        raise SubscriptionError("not_https")
    if _port_text(parts) not in (None, "443"):
        raise SubscriptionError("bad_port")
    _check_host(host, extra_hosts)
    return Endpoint("https", host, 443, _target(parts))


def check_keys(p256dh: str, auth: str) -> None:
    """SubscriptionError unless the keys can encrypt (RFC 8291 section 2).

    `p256dh` is a base64url uncompressed point on P-256 (65 bytes), `auth` is 16 bytes.
    Reasons: bad_p256dh, bad_auth.
    """
    point = _decoded(p256dh)
    if len(point) != 65 or point[0] != 4 or not _on_curve(point):
        raise SubscriptionError("bad_p256dh")
    if len(_decoded(auth)) != 16:
        raise SubscriptionError("bad_auth")


def check_contact(contact: str) -> None:
    """SubscriptionError ("bad_contact") unless a push service can reach the operator there.

    `mailto:` or `https:` (RFC 8292 section 2.1); Apple refuses hosts such as localhost.
    """
    match = _MAILTO.fullmatch(contact) or _WEBSITE.fullmatch(contact)
    if match is None or not contact.isascii() or not _is_public_name(match["host"].lower()):
        raise SubscriptionError("bad_contact")


def _split(url: str) -> SplitResult:
    if len(url) > MAX_ENDPOINT:
        raise SubscriptionError("too_long")
    if not _PRINTABLE.fullmatch(url):
        raise SubscriptionError("odd_characters")
    try:
        parts = urlsplit(url)
    except ValueError as problem:
        raise SubscriptionError("bad_host") from problem
    if parts.scheme not in ("http", "https"):
        raise SubscriptionError("not_https")
    if "@" in parts.netloc:
        raise SubscriptionError("userinfo")
    if "#" in url:
        raise SubscriptionError("fragment")
    return parts


def _host(parts: SplitResult) -> str:
    if parts.netloc.startswith("["):
        return parts.netloc.partition("]")[0].lower() + "]"
    return parts.netloc.partition(":")[0].lower()


def _port_text(parts: SplitResult) -> str | None:
    rest = parts.netloc[len(_host(parts)) :]
    return rest[1:] if rest.startswith(":") else rest or None


def _any_port(parts: SplitResult) -> int:
    text = _port_text(parts)
    if text is None:
        return 443 if parts.scheme == "https" else 80
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text) or int(text) > 65535:
        raise SubscriptionError("bad_port")
    return int(text)


def _check_host(host: str, extra_hosts: Collection[str]) -> None:
    # A browser reads any host whose last label is a number as an IPv4 address (URL standard).
    if host.startswith("[") or _NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]):
        raise SubscriptionError("ip_literal")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise SubscriptionError("bad_host")
    if not any(_matches(host, allowed.lower()) for allowed in (*PUSH_HOSTS, *extra_hosts)):
        raise SubscriptionError("unknown_host")


def _matches(host: str, allowed: str) -> bool:
    if not allowed.startswith("*."):
        return host == allowed
    own = host.removesuffix(allowed[1:])
    # No push service names its machines in punycode; a name that cannot be decoded breaks senders.
    return own not in (host, "") and not any(part.startswith("xn--") for part in own.split("."))


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _is_public_name(host: str) -> bool:
    last = host.rpartition(".")[2]
    local = last in ("localhost", "local", "internal", "invalid", "test")
    return bool(_HOST.fullmatch(host)) and not local and not _NUMBER.fullmatch(last)


def _decoded(text: str) -> bytes:
    if not _BASE64URL.fullmatch(text):
        return b""
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except Base64Error:
        return b""


def _on_curve(point: bytes) -> bool:
    x, y = int.from_bytes(point[1:33]), int.from_bytes(point[33:])
    return x < P256_P and y < P256_P and (y * y - x**3 + 3 * x - P256_B) % P256_P == 0
