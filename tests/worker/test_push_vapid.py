"""The Authorization header is signed once per push service and renewed in time."""

import time
from pathlib import Path

import jwt
import pytest

from tests.push_service.checks import vapid_violations
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.vapid import MAX_CACHED, VapidSigner

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


def test_the_header_passes_what_a_push_service_checks(keys: VapidKeys) -> None:
    assert vapid_violations(VapidSigner(keys, Wall()).header(ORIGIN, CONTACT), ORIGIN) == []


def test_many_services_do_not_fill_the_memory(
    keys: VapidKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwt, "encode", lambda *given, **named: "token")
    signer = VapidSigner(keys, Wall())
    for number in range(MAX_CACHED + 5):
        signer.header(f"https://{number}.notify.windows.com", CONTACT)
    assert len(signer._signed) == 5
