"""The Authorization header is signed once per push service and renewed in time."""

import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.push_service.checks import vapid_violations
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.vapid import LIFETIME, MAX_CACHED, RENEW_BEFORE, VapidSigner

ORIGIN = "https://fcm.googleapis.com"
CONTACT = "mailto:ops@daycare.example"


class Wall:
    """A clock on the wall that a test sets."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys(tmp_path: Path) -> VapidKeys:
    return load_or_create_keys(tmp_path)


def claims(header: str) -> dict[str, Any]:
    token = header.removeprefix("vapid t=").partition(",")[0]
    decoded: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return decoded


def test_the_header_passes_what_a_push_service_checks(keys: VapidKeys) -> None:
    assert vapid_violations(VapidSigner(keys, Wall()).header(ORIGIN, CONTACT), ORIGIN) == []


def test_the_audience_is_the_origin_with_its_port(keys: VapidKeys) -> None:
    header = VapidSigner(keys, Wall()).header("http://127.0.0.1:8123", CONTACT)
    assert claims(header)["aud"] == "http://127.0.0.1:8123"


def test_the_subject_is_the_contact_as_it_was_given(keys: VapidKeys) -> None:
    assert claims(VapidSigner(keys, Wall()).header(ORIGIN, CONTACT))["sub"] == CONTACT


def test_a_header_serves_all_messages_to_one_service(keys: VapidKeys) -> None:
    signer = VapidSigner(keys, Wall())
    assert signer.header(ORIGIN, CONTACT) == signer.header(ORIGIN, CONTACT)


def test_another_service_and_another_contact_get_their_own(keys: VapidKeys) -> None:
    signer = VapidSigner(keys, Wall())
    first = signer.header(ORIGIN, CONTACT)
    assert claims(signer.header("https://web.push.apple.com", CONTACT))["aud"] != ORIGIN
    assert claims(signer.header(ORIGIN, "https://daycare.example"))["sub"] != CONTACT
    assert signer.header(ORIGIN, CONTACT) == first


def test_a_header_is_renewed_an_hour_before_it_expires(keys: VapidKeys) -> None:
    wall = Wall()
    signer = VapidSigner(keys, wall)
    start = wall.now
    first = signer.header(ORIGIN, CONTACT)
    wall.now = start + LIFETIME - RENEW_BEFORE - 1
    assert signer.header(ORIGIN, CONTACT) == first
    wall.now = start + LIFETIME - RENEW_BEFORE
    assert claims(signer.header(ORIGIN, CONTACT))["exp"] == int(wall.now) + LIFETIME


def test_a_clock_set_back_gets_a_new_header(keys: VapidKeys) -> None:
    wall = Wall()
    signer = VapidSigner(keys, wall)
    signer.header(ORIGIN, CONTACT)
    wall.now -= 14 * 3600
    assert claims(signer.header(ORIGIN, CONTACT))["exp"] == int(wall.now) + LIFETIME


def test_many_services_do_not_fill_the_memory(
    keys: VapidKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwt, "encode", lambda *given, **named: "token")
    signer = VapidSigner(keys, Wall())
    for number in range(MAX_CACHED + 5):
        signer.header(f"https://{number}.notify.windows.com", CONTACT)
    assert len(signer._signed) == 5
