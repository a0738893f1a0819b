"""How the sender names itself to a push service: VAPID (RFC 8292)."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.conformance.endpoints import OF_BROWSERS
from tests.conformance.table import rule
from tests.conformance.wire import CONTACT, Line, decoded
from tests.push_service import PushService
from webapp.config import SettingError, Settings
from webapp.push_keys import VapidKeys
from webapp.rules.push_endpoint import check_endpoint
from worker.push.sender import PushSender
from worker.push.vapid import LIFETIME, RENEW_BEFORE

HOUR = 3600
FORM = re.compile(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)", re.ASCII)
NOT_REACHABLE = [
    "ops@daycare.example",
    "mailto:mailto:ops@daycare.example",
    "mailto: ops@daycare.example",
    "mailto:Ops <ops@daycare.example>",
    "mailto:ops@localhost",
    "mailto:root@server.local",
    "mailto:ops@10.0.0.8",
    "https://localhost:8000",
    "https://127.0.0.1/",
    "http://daycare.example",
    "mailto:ops@daycare.example\r\nX: y",
]


class Wall:
    """A clock on the wall that a test sets."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def moved(push_service: PushService, keys: VapidKeys, wall: Wall) -> Iterator[Line]:
    """A line whose sender reads the time from `wall`."""
    sender = PushSender(keys, insecure=True, wall=wall)
    yield Line(push_service, sender)
    sender.close()


def authorization(line: Line, **given: Any) -> str:
    return line.pushed(**given).headers["authorization"]


def parts(line: Line) -> tuple[str, ...]:
    """Header, claims, signature and key of a push, still encoded."""
    found = FORM.fullmatch(authorization(line))
    assert found is not None
    return found.groups()


def claims(header: str) -> dict[str, Any]:
    token = header.removeprefix("vapid t=").partition(",")[0]
    decoded_claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return decoded_claims


@rule("3.1", "RFC 8292 §3", "Authorization has the form `vapid t=…, k=…`.")
def test_the_header_has_the_form_of_the_scheme(line: Line) -> None:
    assert FORM.fullmatch(authorization(line))


@rule("3.2", "RFC 8292 §2", "The token is a JWT signed with ES256, and says so.")
def test_the_token_is_signed_with_es256(line: Line) -> None:
    assert json.loads(decoded(parts(line)[0])) == {"typ": "JWT", "alg": "ES256"}


@rule("3.3", "RFC 7515 §3; RFC 7518 §3.4", "The 64-byte signature verifies with the key in k.")
def test_the_signature_verifies_with_the_key_that_is_sent(line: Line) -> None:
    header, body, signature, key = parts(line)
    raw = decoded(signature)
    assert len(raw) == 64
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point.verify(both, f"{header}.{body}".encode(), ec.ECDSA(SHA256()))


@rule("3.4", "RFC 7515 §2", "Token and key are base64url without padding.")
def test_nothing_is_padded(line: Line) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", part) for part in parts(line))


@rule(
    "3.5",
    "RFC 8292 §3.2 and §4.2",
    "k is the uncompressed public key that browsers subscribe to, 65 bytes.",
)
def test_the_key_that_is_sent_is_the_one_browsers_subscribe_to(line: Line, keys: VapidKeys) -> None:
    key = parts(line)[3]
    assert key == keys.application_server_key
    assert (len(decoded(key)), decoded(key)[0]) == (65, 4)


@rule("3.6", "RFC 8292 §3.2", "The key that signs is never a key that encrypts.")
def test_the_signing_key_does_not_encrypt(line: Line) -> None:
    pushed = line.pushed()
    assert decoded(pushed.headers["authorization"].partition("k=")[2]) != pushed.key_id


@rule("3.7", "RFC 8292 §2", "aud is the origin of the endpoint, its port included.")
def test_the_audience_is_the_origin_with_its_port(line: Line) -> None:
    assert claims(authorization(line))["aud"] == line.service.origin


@rule(
    "3.8",
    "RFC 6454 §6.2; FCM, Apple",
    "The origin of a real push service shows no default port and is lower case.",
)
@pytest.mark.parametrize(("url", "origin"), OF_BROWSERS, ids=[o[8:] for _, o in OF_BROWSERS])
def test_the_audience_shows_no_default_port(url: str, origin: str) -> None:
    with_port = url.replace(origin[8:], f"{origin[8:].upper()}:443", 1)
    assert check_endpoint(with_port).origin == check_endpoint(url).origin == origin


@rule("3.9", "RFC 8292 §2", "exp lies ahead, and never more than 24 hours, until the last use.")
@pytest.mark.parametrize("age", [0, 1, LIFETIME - RENEW_BEFORE - 1])
def test_the_expiry_is_within_a_day(moved: Line, wall: Wall, age: float) -> None:
    authorization(moved)
    wall.now += age
    assert 0 < claims(authorization(moved))["exp"] - wall.now <= 24 * HOUR


@rule("3.10", "RFC 8292 §2.1", "sub is the operator's mailto: or https: address as it was given.")
@pytest.mark.parametrize("contact", [CONTACT, "https://daycare.example/about"])
def test_the_subject_is_the_contact_as_it_was_given(line: Line, contact: str) -> None:
    assert claims(authorization(line, contact=contact))["sub"] == contact


@rule(
    "3.11",
    "Apple: 403 BadJwtToken",
    "A sub that nobody could reach (localhost, .local, a bare address) is refused at the start.",
)
@pytest.mark.parametrize("contact", NOT_REACHABLE)
def test_a_contact_that_apple_refuses_stops_the_start(contact: str) -> None:
    with pytest.raises(SettingError, match="BATON_PUSH_CONTACT"):
        Settings.from_env({"BATON_PUSH_CONTACT": contact})


@rule("3.12", "Apple: 403 BadJwtToken", "Nor is one ever sent.")
@pytest.mark.parametrize("contact", ["", *NOT_REACHABLE])
def test_a_contact_that_apple_refuses_is_never_sent(line: Line, contact: str) -> None:
    before = len(line.service.messages)
    with pytest.raises(ValueError):
        line.send(line.phone(), contact=contact)
    assert len(line.service.messages) == before


@rule("3.13", "RFC 8292 §2.2", "The token claims aud, exp and sub, and nothing more.")
def test_the_token_says_nothing_more(line: Line) -> None:
    assert set(claims(authorization(line))) == {"aud", "exp", "sub"}


@rule("3.14", "RFC 8292 §2", "One token serves all pushes to one origin while it is fresh.")
def test_messages_to_one_service_share_one_token(line: Line) -> None:
    assert authorization(line) == authorization(line)


@rule("3.15", "RFC 8292 §2", "No token goes to another origin.")
def test_another_service_gets_its_own_token(line: Line) -> None:
    with PushService() as other:
        there = authorization(Line(other, line.sender))
        assert claims(there)["aud"] == other.origin
    assert there != authorization(line)


@rule("3.16", "RFC 8292 §2.1", "Another operator's contact is never in a token that is reused.")
def test_another_contact_gets_its_own_token(line: Line) -> None:
    first = authorization(line)
    other = authorization(line, contact="https://daycare.example")
    assert claims(other)["sub"] == "https://daycare.example"
    assert authorization(line) == first


@rule("3.17", "RFC 8292 §4.2", "A token is renewed an hour before it expires, not after.")
def test_a_token_is_renewed_before_it_expires(moved: Line, wall: Wall) -> None:
    first, start = authorization(moved), wall.now
    wall.now = start + LIFETIME - RENEW_BEFORE - 1
    assert authorization(moved) == first
    wall.now = start + LIFETIME - RENEW_BEFORE
    assert claims(authorization(moved))["exp"] == int(wall.now) + LIFETIME


@rule("3.18", "RFC 8292 §4.2", "After the clock was set back, exp is within 24 hours again.")
def test_a_clock_set_back_gets_a_new_token(moved: Line, wall: Wall) -> None:
    authorization(moved)
    wall.now -= HOUR
    assert claims(authorization(moved))["exp"] == int(wall.now) + LIFETIME
