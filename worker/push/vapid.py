"""The Authorization header of a push, signed once per origin and contact (RFC 8292).

Signed with PyJWT and not by webpush, whose `aud` drops the port, whose `sub` doubles `mailto:`,
and which signs and parses the key anew for each message.
"""

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

import jwt

from webapp.push_keys import VapidKeys

Wall = Callable[[], float]

LIFETIME = 12 * 3600
RENEW_BEFORE = 3600
MAX_CACHED = 1000


class _Signed(NamedTuple):
    header: str
    signed_at: float


class VapidSigner:
    """Headers kept until an hour before they expire. Safe to share between threads."""

    def __init__(self, keys: VapidKeys, wall: Wall) -> None:
        """`wall` gives real seconds since 1970: push services compare `exp` with their clocks."""
        self._keys = keys
        self._wall = wall
        self._signed: dict[tuple[str, str], _Signed] = {}
        self._lock = Lock()

    def header(self, origin: str, contact: str) -> str:
        """The header for one push service; `contact` is a mailto: or https: address."""
        now = self._wall()
        with self._lock:
            signed = self._signed.get((origin, contact))
            if signed is None or not self._is_fresh(signed, now):
                signed = self._signed[origin, contact] = self._sign(origin, contact, now)
            return signed.header

    @staticmethod
    def _is_fresh(signed: _Signed, now: float) -> bool:
        # A clock set back counts as stale too: `exp` would lie further than a service allows.
        return signed.signed_at <= now < signed.signed_at + LIFETIME - RENEW_BEFORE

    def _sign(self, origin: str, contact: str, now: float) -> _Signed:
        if len(self._signed) >= MAX_CACHED:
            self._signed.clear()
        claims = {"aud": origin, "exp": int(now) + LIFETIME, "sub": contact}
        token = jwt.encode(claims, self._keys.private, algorithm="ES256")
        return _Signed(f"vapid t={token}, k={self._keys.application_server_key}", now)
