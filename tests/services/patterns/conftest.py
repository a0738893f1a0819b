"""Fixtures: a daycare with one process, and runs that lie behind it."""

from datetime import UTC, datetime

import pytest

from tests.factories import crew_of_a_daycare, process, proof
from tests.past_runs import past_runs
from webapp.services import locations, patterns

NOTES = (("Gate latch", proof("note")), ("Front room ready", proof("note")))
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def opening(stored, clock, crew):
    return process(stored, crew, clock.now(), steps=NOTES)


@pytest.fixture
def northside(stored, clock, crew, opening):
    place = locations.Place("Northside", "America/Chicago")
    made = locations.add(stored, crew.org_id, place, clock.now())
    opening.versions[0].locations.append(made)
    stored.commit()
    return made


@pytest.fixture
def look(stored, crew, opening):
    """Look at runs that went so, and return what stands."""

    def at(went: str = "", until: datetime = NOON, **more):
        if went:
            past_runs(stored, crew, opening, went, until, **more)
        patterns.look_at_all(stored, crew.org_id, until)
        stored.commit()
        return patterns.current(stored, crew.org_id)

    return at
