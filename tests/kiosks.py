"""Paired tablets for tests, and what their browsers would seal."""

import json
from base64 import b64encode
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy.orm import Session

from tests.factories import Crew
from webapp import sealing
from webapp.models import Kiosk, Location, Person
from webapp.services import pairings, passwords

PIN, WRONG = "471926", "830517"
tablets = (f"tablet-{number}" for number in count(1))
turn_ids = (f"turn-{number}" for number in count(1))


@cache
def hash_of(pin: str) -> str:
    """The hash of a PIN; made once, because it is meant to take its time."""
    return passwords.hash_of(pin)


def with_pin(session: Session, *people: Person, pin: str = PIN) -> None:
    """These people have this PIN."""
    for person in people:
        person.pin_hash = hash_of(pin)
    session.commit()


def paired(
    session: Session,
    crew: Crew,
    now: datetime,
    *,
    name: str = "Kitchen tablet",
    location: Location | None = None,
    device: str | None = None,
) -> tuple[Kiosk, str]:
    """A tablet that Olivia has paired, and its token."""
    begun = pairings.begin(session, device or next(tablets), now)
    place = location or crew.location
    pairings.approve(session, crew.olivia, begun.code, place, name, now)
    made = pairings.ask(session, begun.poll, now)
    assert made is not None
    session.commit()
    return made.kiosk, made.token


@cache
def _key() -> bytes:
    """One key for the whole run: making it takes a second."""
    private = sealing.generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def sealed(settings):
    """What a tablet seals: a function of the person, the PIN and the turn."""
    path: Path = settings.data_dir / sealing.FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_key())
    public = load_pem_private_key(_key(), password=None).public_key()

    def seal(person: Person | str, turn: str, pin: str = PIN, **more: str) -> str:
        person_id = person if isinstance(person, str) else person.id
        content = {"person": person_id, "pin": pin, "turn": turn} | more
        return b64encode(public.encrypt(json.dumps(content).encode(), sealing._padding())).decode()

    return seal
