"""Chain lint over what is stored: facts are gathered as they are, and nothing is changed."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare, process, reached_by_phone
from tests.services.definition_wishes import save, wish
from webapp.models import Absence, Process, Run
from webapp.rules.lint_facts import Finding, Link
from webapp.services import locations
from webapp.services.definitions import DraftFollowUp, DraftLevel, DraftStep, lint


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def team(stored: Session, now: datetime) -> Crew:
    """Everybody has a phone that takes messages."""
    crew = crew_of_a_daycare(stored, now)
    reached_by_phone(stored, *crew.people.values())
    return crew


def found(session: Session, crew: Crew, now: datetime, **more: Any) -> dict[str, Finding]:
    draft = wish(crew, **more)
    return {each.code: each for each in lint.findings(session, crew.org_id, draft, now)}


def away(session: Session, crew: Crew, first: date, last: date, *who: str) -> None:
    for name in who:
        session.add(
            Absence(
                org_id=crew.org_id,
                person_id=crew.people[name].id,
                first_day=first,
                last_day=last,
                created_by_id=crew.olivia.id,
                created_at=datetime.fromisoformat("2026-11-20T12:00+00:00"),
            )
        )
    session.commit()


def test_a_healthy_draft_has_no_finding(stored: Session, team: Crew, now: datetime) -> None:
    assert found(stored, team, now) == {}


def test_what_blocks_comes_first_under_the_code_of_its_rule(
    stored: Session, team: Crew, now: datetime
) -> None:
    twice = (DraftLevel("assignee", team.ana.id, 0), DraftLevel("backup", team.ana.id, 0))
    steps = (DraftStep("Lights", "", wish(team).steps[1].requirement),)
    told = list(found(stored, team, now, name="", chain=twice, steps=steps).values())
    assert [(each.code, each.field, each.severity) for each in told] == [
        ("not_valid", "name", "error"),
        ("backup_is_responsible", "chain.backup", "error"),
        ("words_alone", "steps", "warning"),
    ]


def test_who_is_alone_is_led_to_invite_somebody(stored: Session, team: Crew, now: datetime) -> None:
    for name in ("maya", "ana", "ben", "fay"):
        team.people[name].deactivated_at = now
    stored.commit()
    chain = (DraftLevel("assignee", team.olivia.id, 0),)
    [missing] = found(stored, team, now, chain=chain).values()
    assert (missing.code, missing.link) == ("no_backup", Link("people"))


def test_an_empty_draft_has_faults_and_no_warning(
    stored: Session, team: Crew, now: datetime
) -> None:
    empty = found(
        stored, team, now, name="", locations=(), rrule="", deadline=None, chain=(), steps=()
    )
    assert {each.severity for each in empty.values()} == {"error"}


def test_absences_and_closed_locations_of_both_are_seen(
    stored: Session, team: Crew, now: datetime
) -> None:
    away(stored, team, date(2026, 12, 1), date(2026, 12, 2), "ana")
    assert "both_away" not in found(stored, team, now)
    closed = locations.Place("Harbour", "America/Chicago", closed=frozenset([date(2026, 12, 2)]))
    team.ben.locations = [locations.add(stored, team.org_id, closed, now)]
    stored.commit()
    both = found(stored, team, now)["both_away"]
    assert both.sentence == (
        "Ana and Ben are both away or off when it is due on 2 December. It begins with Olivia then."
    )
    away(stored, team, date(2026, 12, 1), date(2026, 12, 1), "ben")
    assert "due on 1–2 December" in found(stored, team, now)["both_away"].sentence


def test_an_absence_beyond_thirty_days_or_one_that_ended_is_none(
    stored: Session, team: Crew, now: datetime
) -> None:
    away(stored, team, date(2026, 12, 24), date(2026, 12, 31), "ana", "ben")
    away(stored, team, date(2026, 11, 24), date(2026, 11, 24), "ana", "ben")
    for absence in stored.scalars(select(Absence).where(Absence.first_day < date(2026, 12, 1))):
        absence.ended_at = now
    stored.commit()
    assert found(stored, team, now) == {}


def test_phones_and_places_of_people_are_seen(stored: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(stored, now)
    assert set(found(stored, crew, now)) == {"nobody_told"}
    reached_by_phone(stored, crew.ana, crew.olivia)
    assert set(found(stored, crew, now)) == {"backup_not_told"}
    harbour = locations.add(stored, crew.org_id, locations.Place("Harbour", "America/Chicago"), now)
    stored.commit()
    there = found(stored, crew, now, locations=("Harbour",))
    assert there["nobody_works_there"].sentence == "None of Ana and Ben works at Harbour."
    crew.ben.locations = [harbour]
    stored.commit()
    assert "nobody_works_there" not in found(stored, crew, now, locations=("Harbour",))


def test_opening_hours_of_the_location_are_seen(stored: Session, team: Crew, now: datetime) -> None:
    hours = locations.Place("Downtown", "America/Chicago", time(6, 30), time(18))
    locations.edit(stored, team.location, hours, now, team.olivia.id)
    stored.commit()
    late = found(stored, team, now, deadline=time(17, 55))
    assert late["told_after_closing"].sentence == (
        "Ben is told at 18:05, when Downtown has been closed since 18:00."
    )
    assert late["told_after_closing"].link == Link("location", team.location.id)
    assert set(found(stored, team, now, deadline=time(20))) == {"outside_hours"}


def test_a_step_that_is_due_when_the_location_has_closed_is_seen(
    stored: Session, team: Crew, now: datetime
) -> None:
    hours = locations.Place("Downtown", "America/Chicago", time(6, 30), time(18))
    locations.edit(stored, team.location, hours, now, team.olivia.id)
    stored.commit()
    first = wish(team).steps[0]
    steps = (first, replace(first, title="Clear it", follow_up=DraftFollowUp(0, 120, 15)))
    assert found(stored, team, now, steps=steps) == {}
    late = found(stored, team, now, steps=steps, deadline=time(17))["outside_hours"]
    assert late.field == "steps[1].after.wait"
    assert "“Clear it” is due at 19:15" in late.sentence


def test_steps_of_all_other_processes_in_use_are_counted(
    stored: Session, team: Crew, now: datetime
) -> None:
    steps = tuple(replace(wish(team).steps[0], title=f"Room {number}") for number in range(6))
    rooms = save(stored, team, now, wish(team, name="Rooms", steps=steps, deadline=time(7, 20)))
    heap = found(stored, team, now)["too_much_at_once"]
    assert heap.sentence == (
        "Ben stands behind 8 steps of Opening check and Rooms at the same time: on Monday"
        " 23 November from 07:25 to 08:00."
    )
    rooms.retired_at = now
    stored.commit()
    assert found(stored, team, now) == {}


def test_a_process_is_not_its_own_neighbour(stored: Session, team: Crew, now: datetime) -> None:
    steps = tuple(replace(wish(team).steps[0], title=f"Room {number}") for number in range(6))
    saved = save(stored, team, now, wish(team, steps=steps))
    assert lint.of_process(stored, saved, now) == []


def test_what_changed_since_it_was_saved_is_found_in_a_process(
    stored: Session, team: Crew, now: datetime
) -> None:
    saved = process(stored, team, now)
    assert lint.of_process(stored, saved, now) == []
    team.ben.deactivated_at = now
    stored.commit()
    [left] = lint.of_process(stored, saved, now)
    assert (left.field, left.severity) == ("chain.backup", "error")


def test_asking_writes_nothing(stored: Session, team: Crew, now: datetime) -> None:
    lint.findings(stored, team.org_id, wish(team), now)
    assert not stored.dirty
    assert not stored.new
    assert stored.scalar(select(func.count(Process.id))) == 0
    assert stored.scalar(select(func.count(Run.id))) == 0
