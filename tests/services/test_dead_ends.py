"""Which chains end too soon in the days ahead."""

from datetime import date

import pytest

from tests.factories import crew_of_a_daycare, process, reached_by_phone
from webapp.models import ChainLevel
from webapp.services import absences, dead_ends, locations

TUESDAY = date(2026, 11, 24)


@pytest.fixture
def crew(session, clock):
    crew = crew_of_a_daycare(session, clock.now())
    reached_by_phone(session, crew.ana)
    process(session, crew, clock.now())
    session.commit()
    return crew


def away(session, person, now) -> None:
    absences.declare(session, person, person, TUESDAY, TUESDAY, "", now)
    session.commit()


def test_a_whole_chain_with_one_phone_dead_ends_nowhere(session, clock, crew):
    assert dead_ends.ahead(session, crew.olivia, clock.now()) == dead_ends.Ahead([], [], [])


def test_holder_and_backup_away_on_the_same_day_leave_the_fallback(session, clock, crew):
    away(session, crew.ana, clock.now())
    assert dead_ends.ahead(session, crew.olivia, clock.now()).both_away == []
    away(session, crew.ben, clock.now())
    (run,) = dead_ends.ahead(session, crew.olivia, clock.now()).both_away
    assert run.deadline_at.date() == TUESDAY
    away(session, crew.fay, clock.now())
    assert dead_ends.ahead(session, crew.olivia, clock.now()).both_away == []


def test_a_backup_who_is_the_owner_is_none(session, clock, crew):
    for level in session.query(ChainLevel).where(ChainLevel.role.in_(("backup", "fallback"))):
        level.person = crew.olivia
    session.commit()
    ((found, assignee),) = dead_ends.ahead(session, crew.olivia, clock.now()).owner_only
    assert (found.name, assignee.name) == ("Opening check", "Ana")


def test_a_chain_in_which_nobody_has_a_phone_is_named(session, clock):
    crew = crew_of_a_daycare(session, clock.now())
    process(session, crew, clock.now())
    session.commit()
    (found,) = dead_ends.ahead(session, crew.olivia, clock.now()).no_phone
    assert found.name == "Opening check"


def test_a_manager_hears_of_their_locations_only(session, clock):
    crew = crew_of_a_daycare(session, clock.now())
    process(session, crew, clock.now())
    place = locations.Place("Riverside", "America/New_York")
    crew.maya.locations = [locations.add(session, crew.org_id, place, clock.now())]
    session.commit()
    assert dead_ends.ahead(session, crew.maya, clock.now()).no_phone == []
