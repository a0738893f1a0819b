"""What keeps a definition from being saved, and when it would be due."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.definition_wishes import events, save, wish
from webapp.models import Closure, Location, Process
from webapp.problems import Problem
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, locations
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft
from webapp.services.definitions.preview import Dates, LeftOut, next_dates


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def refused(session: Session, crew: Crew, now: datetime, draft: ProcessDraft) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        definitions.save(session, crew.olivia.id, crew.org_id, draft, now)
    assert caught.value.code == "process_not_valid"
    return caught.value.fields


def test_every_fault_is_told_at_once(session: Session, crew: Crew, now: datetime) -> None:
    bad = ProcessDraft(
        name=" ",
        locations=(),
        rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        deadline=None,
        chain=(),
        steps=(),
        opens_days_before=-1,
        grace_minutes=-5,
        review="some",
    )
    assert refused(session, crew, now, bad).keys() == {
        "name",
        "locations",
        "cadence",
        "deadline",
        "opens_days_before",
        "grace",
        "review",
        "chain.assignee",
        "chain.backup",
        "steps",
    }


def number(**more: Any) -> tuple[DraftStep, ...]:
    return (DraftStep("Fridge", "", Requirement(**{"kind": "number"} | more)),)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": "x" * 121}, "name", "at most 120"),
        ({"locations": ("Uptown",)}, "locations", "no location called “Uptown”"),
        ({"rrule": ""}, "cadence", "how often"),
        ({"rrule": "FREQ=HOURLY"}, "cadence", "too often"),
        (
            {"rrule": f"FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}"},
            "cadence",
            "60 due times a day",
        ),
        (
            {"rrule": "FREQ=YEARLY;BYDAY=MO;BYHOUR=8,12;BYSETPOS=-1"},
            "cadence",
            "BYSETPOS chooses among days",
        ),
        ({"grace_minutes": 31 * 24 * 60 + 1}, "grace", "31 days"),
        ({"remind_minutes": 31 * 24 * 60 + 1}, "remind", "31 days"),
        ({"remind_minutes": -1}, "remind", "below zero"),
        (
            {"remind_minutes": 120},
            "remind",
            "It opens 2 hours before it is due, so a reminder 2 hours before would never come.",
        ),
        ({"opens": time(6, 30), "remind_minutes": 60}, "remind", "It opens 45 minutes before"),
        ({"reached_within_minutes": 31 * 24 * 60 + 1}, "reached_within", "31 days"),
        ({"steps": (DraftStep(" ", "", Requirement("photo")),)}, "steps[0].title", "to be done"),
        ({"steps": number(kind="smell")}, "steps[0].proof", "no proof"),
        (
            {"steps": number(minimum=Decimal(5), maximum=Decimal(4))},
            "steps[0].min",
            "above 5 and below 4",
        ),
        ({"steps": number(kind="photo", minimum=Decimal(5))}, "steps[0].min", "Only a number"),
        ({"steps": number(kind="note", unit="°F")}, "steps[0].unit", "Only a number"),
        ({"steps": number(if_outside="Call.")}, "steps[0].if_outside", "which numbers"),
        ({"steps": number(min_seconds=5)}, "steps[0].min_seconds", "Only a timed check"),
        ({"steps": number(scan_code="gate")}, "steps[0].scan_code", "Only a scan"),
        (
            {"steps": number(kind="timed", min_seconds=-1)},
            "steps[0].min_seconds",
            "zero seconds",
        ),
    ],
)
def test_a_fault_is_told_at_its_field(
    session: Session, crew: Crew, now: datetime, change: dict[str, Any], field: str, sentence: str
) -> None:
    fields = refused(session, crew, now, wish(crew, **change))
    assert fields.keys() == {field}
    assert sentence in fields[field]


def test_a_reminder_that_comes_at_one_of_the_locations_is_taken(
    session: Session, crew: Crew, now: datetime
) -> None:
    """Uptown opens three hours before the deadline, Downtown two."""
    place = locations.Place("Uptown", "America/Chicago", opens=time(4, 15))
    locations.add(session, crew.org_id, place, now)
    both = wish(crew, locations=("Downtown", "Uptown"), remind_minutes=150)
    assert definitions.faults(session, crew.org_id, both, now) == {}


def test_a_name_that_is_taken_is_refused_whatever_its_case(
    session: Session, crew: Crew, now: datetime
) -> None:
    save(session, crew, now, wish(crew))
    fields = refused(session, crew, now, wish(crew, name="OPENING check"))
    assert fields == {
        "name": "There is a process called “Opening check” already. Choose another name."
    }


def test_the_backup_must_be_somebody_else(session: Session, crew: Crew, now: datetime) -> None:
    chain = (DraftLevel("assignee", crew.ana.id, 0), DraftLevel("backup", crew.ana.id, 0))
    fields = refused(session, crew, now, wish(crew, chain=chain))
    assert fields == {
        "chain.backup": "Ana is both responsible and backup. Name somebody else as the backup."
    }


def test_somebody_who_left_cannot_be_named(session: Session, crew: Crew, now: datetime) -> None:
    crew.ben.deactivated_at = now
    fields = refused(session, crew, now, wish(crew))
    assert fields == {"chain.backup": "Ben no longer works here. Name somebody else."}


def test_somebody_of_another_organisation_cannot_be_named(
    session: Session, crew: Crew, now: datetime
) -> None:
    stranger = crew_of_a_daycare(session, now, name="Bluebell").ana
    chain = (DraftLevel("assignee", stranger.id, 0), DraftLevel("backup", crew.ben.id, 0))
    fields = refused(session, crew, now, wish(crew, chain=chain))
    assert fields.keys() == {"chain.assignee"}
    assert "Ana" not in fields["chain.assignee"]


def test_a_location_of_another_organisation_cannot_be_named(
    session: Session, crew: Crew, now: datetime
) -> None:
    other = crew_of_a_daycare(session, now, name="Bluebell").location
    assert refused(session, crew, now, wish(crew, locations=(other.id,))).keys() == {"locations"}


def test_a_location_in_no_known_time_zone_is_refused(
    session: Session, crew: Crew, now: datetime
) -> None:
    crew.location.time_zone = "America/Chikago"
    fields = refused(session, crew, now, wish(crew))
    assert "Did you mean America/Chicago?" in fields["locations"]


def test_a_negative_wait_is_refused_at_its_station(
    session: Session, crew: Crew, now: datetime
) -> None:
    chain = (*wish(crew).chain, DraftLevel("fallback", crew.fay.id, -1))
    assert refused(session, crew, now, wish(crew, chain=chain)).keys() == {"chain.fallback.after"}


def test_a_refused_draft_writes_nothing(session: Session, crew: Crew, now: datetime) -> None:
    refused(session, crew, now, wish(crew, steps=()))
    session.commit()
    assert session.scalar(select(func.count()).select_from(Process)) == 0
    assert events(session, "process.saved") == []


def test_the_next_dates_skip_closed_days(session: Session, crew: Crew, now: datetime) -> None:
    place = session.get_one(Location, crew.location.id)
    place.closures = [Closure(on=date(2026, 11, 24))]
    dates = next_dates(wish(crew), place, now, count=3)
    assert [f"{each:%a %H:%M}" for each in dates.due] == ["Mon 07:15", "Wed 07:15", "Thu 07:15"]
    assert dates.left_out == [LeftOut(date(2026, 11, 24), None)]


def test_holidays_and_closures_among_the_next_dates_are_named_and_weekdays_off_told_once(
    session: Session, crew: Crew, now: datetime
) -> None:
    place = session.get_one(Location, crew.location.id)
    place.holiday_country, place.open_days = "US", "MO,TU,WE,TH,FR"
    place.closures = [Closure(on=date(2026, 11, 30))]
    dates = next_dates(wish(crew, rrule="FREQ=DAILY"), place, now, count=6)
    assert [f"{each:%a %d}" for each in dates.due] == [
        "Mon 23",
        "Tue 24",
        "Wed 25",
        "Fri 27",
        "Tue 01",
        "Wed 02",
    ]
    assert dates.left_out == [
        LeftOut(date(2026, 11, 26), "Thanksgiving Day"),
        LeftOut(date(2026, 11, 30), None),
    ]
    assert dates.days_off == [5, 6]


def test_what_never_falls_on_an_open_day_says_why(
    session: Session, crew: Crew, now: datetime
) -> None:
    place = session.get_one(Location, crew.location.id)
    place.holiday_country = "US"
    christmas = wish(crew, rrule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25")
    dates = next_dates(christmas, place, now)
    assert dates.due == []
    assert dates.left_out == [LeftOut(date(2026, 12, 25), "Christmas Day")]


def test_the_next_dates_of_a_yearly_rule_reach_years_ahead(
    session: Session, crew: Crew, now: datetime
) -> None:
    draft = wish(crew, rrule="FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4")
    due = next_dates(draft, crew.location, now).due
    assert [each.year for each in due] == list(range(2027, 2037))


def test_an_unclear_draft_has_no_next_dates(session: Session, crew: Crew, now: datetime) -> None:
    assert next_dates(wish(crew, rrule="often"), crew.location, now) == Dates([], [], [])
