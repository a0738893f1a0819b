"""Fixtures of the tests of absences: a daycare, its Monday, and who is away."""

from datetime import date

import pytest

from tests import audited
from tests.day import Day
from tests.factories import crew_of_a_daycare
from tests.services.absences.shared import GATE, TODAY
from webapp.services import absences


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew):
    return lambda **options: Day(stored, clock, crew, **{"steps": GATE} | options)


@pytest.fixture
def away(stored, clock, crew):
    """Note that somebody is away, by themselves; from today, for one day, unless told else."""

    def note(who: str, first: date = TODAY, last: date | None = None, reason: str = ""):
        person = crew.people[who]
        said = absences.declare(stored, person, person, first, last or first, reason, clock.now())
        stored.commit()
        return said

    return note


@pytest.fixture(autouse=True)
def found_by_the_auditor(stored, clock):
    """Whatever a test does, the auditor finds nothing."""
    yield
    audited.finds_nothing(stored, clock)
