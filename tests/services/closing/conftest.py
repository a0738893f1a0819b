"""Fixtures of the tests of closed days: a daycare, its Monday, and how it closes."""

from datetime import date

import pytest

from tests import audited
from tests.day import Day
from tests.factories import crew_of_a_daycare
from tests.services.closing.shared import GATE, TODAY
from webapp.services import locations


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew):
    return lambda **options: Day(stored, clock, crew, **{"steps": GATE} | options)


@pytest.fixture
def closes(stored, clock, crew):
    def close(*days: date):
        effect = locations.close(stored, crew.location, days, clock.now(), crew.olivia.id)
        stored.commit()
        return effect

    return close


@pytest.fixture
def edits(stored, clock, crew):
    def edit(**changes):
        place = locations.changed(crew.location, changes)
        effect = locations.edit(stored, crew.location, place, clock.now(), crew.olivia.id)
        stored.commit()
        return effect

    return edit


@pytest.fixture
def opens(stored, clock, crew):
    def open_again(day: date = TODAY):
        effect = locations.open_again(stored, crew.location, [day], clock.now(), crew.olivia.id)
        stored.commit()
        return effect

    return open_again


@pytest.fixture(autouse=True)
def found_by_the_auditor(stored, clock):
    """Whatever a test does, the auditor finds nothing."""
    yield
    audited.finds_nothing(stored, clock)
