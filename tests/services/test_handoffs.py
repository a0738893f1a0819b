"""Why a step moves on, and that it stays when the reason is gone before the engine looks."""

from datetime import date, timedelta

import pytest

from tests.day import Day
from tests.factories import crew_of_a_daycare
from webapp.services import absences, people

MONDAY = date(2026, 11, 23)


@pytest.fixture
def day(stored, clock):
    return Day(stored, clock, crew_of_a_daycare(stored, clock.now()))


def goes_away(day, who):
    person = day.crew.people[who]
    away = absences.declare(day.session, person, person, MONDAY, MONDAY, "", day.clock.now())
    day.session.commit()
    return away


def comes_back(day, away):
    absences.end(day.session, away.person, away, day.clock.now())
    day.session.commit()


def test_who_is_back_before_the_engine_looked_keeps_the_step(day):
    away = goes_away(day, "ana")
    comes_back(day, away)
    day.later(seconds=1)
    assert (day.step.holder.name, day.step.handoffs) == ("Ana", [])
    assert day.step.escalate_at == day.step.moves_at == day.step.deadline_at + timedelta(minutes=5)


def test_who_was_deactivated_by_mistake_keeps_the_step(day):
    owner, ana = day.crew.people["olivia"], day.crew.people["ana"]
    people.deactivate(day.session, owner, ana, day.clock.now())
    people.invite_again(day.session, owner, ana, day.clock.now())
    day.session.commit()
    day.later(seconds=1)
    assert (day.step.holder.name, day.step.handoffs) == ("Ana", [])


def test_after_a_level_that_was_passed_over_the_next_hears_the_reason_in_full(day):
    goes_away(day, "ben")
    day.does("ana", "cannot_do", reason="I am at the dentist.")
    day.later(seconds=1)
    assert [(each.to_person.name, each.reason, each.words) for each in day.step.handoffs] == [
        ("Ben", "cannot_do", "I am at the dentist."),
        ("Fay", "cannot_do", "I am at the dentist."),
    ]
    assert [each.passed_over for each in day.step.handoffs] == ["absent", None]
    assert day.step.missed_at is None


def test_a_step_at_an_owner_who_leaves_goes_to_the_owner_of_today(day):
    owner = day.crew.people["olivia"]
    second = people.add(
        day.session, owner.organisation, "Otto", "otto@oaks.example", "owner", day.clock.now()
    )
    second.password_hash = "set"
    for minutes in (50, 20, 30):
        day.later(minutes=minutes)
    assert day.step.holder.name == "Olivia"
    people.deactivate(day.session, second, owner, day.clock.now())
    day.session.commit()
    assert day.step.holder.name == "Otto"
    assert day.step.chain[-1]["name"] == "Otto"
