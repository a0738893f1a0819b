"""Dumped process text: plain YAML that applies without a change."""

from datetime import datetime

import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.process_texts import CONTRACT, apply
from tests.services.whole_organisations import (
    Asked,
    build,
    organisations_asked,
    owner_of_nothing,
)
from webapp.services import process_text, record


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def test_a_dump_applies_without_a_change_and_dumps_the_same(stored: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(stored, now)
    apply(stored, crew, now, CONTRACT)
    text = process_text.dump(stored, crew.org_id)
    assert apply(stored, crew, now, text) == []
    assert process_text.dump(stored, crew.org_id) == text


def test_a_dump_makes_the_same_organisation_elsewhere(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    text = process_text.dump(session, crew.org_id)
    text = text.replace("@", "@other-").replace("Olivia", "Olive")
    other = crew_of_a_daycare(session, now, name="Bluebell")
    other.olivia.name = "Olive"
    other.olivia.email = "olivia@other-sunflower.example"
    apply(session, other, now, text)
    assert process_text.dump(session, other.org_id) == text


def test_a_dump_is_plain_yaml_without_those_who_left(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    crew.maya.deactivated_at = now
    session.commit()
    read = yaml.safe_load(process_text.dump(session, crew.org_id))
    assert [person["name"] for person in read["people"]] == ["Ana", "Ben", "Fay", "Olivia"]
    assert read["processes"][0]["steps"][1]["max"] == 41


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=organisations_asked())
def test_whatever_can_be_saved_survives_its_text(
    session: Session, now: datetime, asked: Asked
) -> None:
    """Its dump changes nothing where it comes from, and makes the same of an empty place."""
    with record.taken_back(session):
        owner = owner_of_nothing(session, "Sunflower", now)
        event(f"{build(session, owner, asked, now)} processes")
        text = process_text.dump(session, owner.org_id)
        assert changes(process_text.apply(session, owner.org_id, owner.id, text, now)) == []
        elsewhere = text.replace("olivia@sunflower.", "olivia@bluebell.")
        other = owner_of_nothing(session, "Bluebell", now)
        process_text.apply(session, other.org_id, other.id, elsewhere, now)
        assert process_text.dump(session, other.org_id) == elsewhere


def changes(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith(process_text.NOTE)]
