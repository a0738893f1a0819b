"""Fixtures of the services' tests."""

import pytest
from sqlalchemy.orm import Session

from tests.services.little_oaks import NOW, hashed
from webapp.models import Person
from webapp.services import organisations


@pytest.fixture
def mara(stored: Session) -> Person:
    """The owner of Little Oaks, an organisation that has just begun, who has set PASSWORD."""
    owner = organisations.create(
        stored, "Little Oaks", "Downtown", "UTC", "Mara", "mara@example.org", None, NOW
    )
    owner.password_hash = hashed()
    stored.flush()
    return owner
