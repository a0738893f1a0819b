"""Who may say that somebody is away, and what can be said."""

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare
from tests.services.absences.shared import DAY, TODAY
from webapp.models import Event
from webapp.problems import Problem
from webapp.services import absences


def refusal(call, *args) -> tuple[str, set[str]]:
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value.code, set(caught.value.fields)


@pytest.mark.parametrize(
    ("actor", "person", "may"),
    [
        ("ana", "ana", True),
        ("ana", "ben", False),
        ("maya", "ana", True),
        ("maya", "olivia", False),
        ("olivia", "maya", True),
        ("olivia", "olivia", True),
    ],
)
def test_people_say_it_of_themselves_and_managers_of_those_they_look_after(
    stored, clock, crew, actor, person, may
):
    asked = (stored, crew.people[actor], crew.people[person], TODAY, TODAY, "", clock.now())
    if may:
        assert absences.declare(*asked).created_by is crew.people[actor]
    else:
        assert refusal(absences.declare, *asked)[0] == "not_allowed"


def test_somebody_of_another_organisation_is_not_there(stored, clock, crew, away):
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    theirs = away("ana")
    asked = (stored, bakery.olivia, crew.ana, TODAY, TODAY, "", clock.now())
    assert refusal(absences.declare, *asked)[0] == "not_found"
    assert refusal(absences.of, stored, bakery.olivia, theirs.id)[0] == "not_found"
    assert absences.ahead(stored, bakery.olivia, clock.now()) == []


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY + DAY, TODAY, "last_day"),
        (TODAY - 9 * DAY, TODAY - 3 * DAY, "last_day"),
        (TODAY - DAY, TODAY - DAY, "last_day"),
        (TODAY - 2 * DAY, TODAY, "first_day"),
        (TODAY, TODAY + 400 * DAY, "last_day"),
    ],
)
def test_days_that_cannot_be_are_refused_at_the_field(stored, clock, crew, first, last, field):
    asked = (stored, crew.ana, crew.ana, first, last, "", clock.now())
    assert refusal(absences.declare, *asked) == ("absence_not_valid", {field})


def test_who_has_been_sick_since_yesterday_may_say_so(away):
    assert away("ana", TODAY - DAY, TODAY).first_day == TODAY - DAY


def test_an_absence_that_began_long_ago_is_still_the_same_one(stored, clock, crew, away):
    said = away("ana", TODAY, TODAY + 9 * DAY)
    clock.advance(hours=5 * 24)
    assert away("ana", TODAY, TODAY + 9 * DAY) is said


def test_the_record_says_who_is_away_when_but_not_why(stored, crew, away):
    away("ana", TODAY, TODAY + DAY, "A knee operation")
    kept = stored.scalars(select(Event).where(Event.kind == "person.away")).one()
    assert kept.payload == {
        "person": {"id": crew.ana.id, "name": "Ana"},
        "first_day": "2026-11-23",
        "last_day": "2026-11-24",
    }


def test_the_same_days_said_twice_are_one_absence(day):
    monday = day()
    ana = monday.crew.ana
    for _ in range(2):
        said = absences.declare(
            monday.session, ana, ana, TODAY + DAY, TODAY + 2 * DAY, "", monday.clock.now()
        )
    assert absences.of_person(monday.session, ana, monday.clock.now()) == [said]
