"""The date from which a cadence counts, as a part of the definition."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.definition_wishes import events, save, wish
from tests.services.process_texts import SMALL, apply, the_process
from webapp.models import Process, Run
from webapp.problems import Problem
from webapp.services import definitions, process_text
from webapp.services.definitions.merging import put_on_top
from webapp.services.definitions.preview import next_dates

FORTNIGHT = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
DAILY = "FREQ=DAILY"


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def team(stored: Session, now: datetime) -> Crew:
    return crew_of_a_daycare(stored, now)


def start(process: Process) -> date:
    return definitions.current_version(process).starts_on


@pytest.mark.parametrize(
    ("rrule", "said", "dates"),
    [
        (FORTNIGHT, None, ["11-27", "12-11"]),
        (FORTNIGHT, date(2026, 12, 4), ["12-04", "12-18"]),
        (FORTNIGHT, date(2026, 12, 1), ["12-04", "12-18"]),  # a Tuesday: its Friday counts
        (FORTNIGHT, date(2026, 12, 5), ["12-18", "01-01"]),  # a Saturday: its Friday is over
        (FORTNIGHT, date(2026, 10, 2), ["11-27", "12-11"]),  # the past anchors it too
        (FORTNIGHT, date(2026, 10, 9), ["12-04", "12-18"]),
        ("FREQ=MONTHLY", date(2026, 12, 4), ["12-04", "01-04"]),
        ("FREQ=DAILY;INTERVAL=3", date(2026, 12, 4), ["12-04", "12-07"]),
        (DAILY, date(2026, 12, 4), ["12-04", "12-05"]),
        (DAILY, date(2026, 10, 2), ["11-23", "11-24"]),
    ],
)
def test_the_next_dates_follow_the_first_date(
    stored: Session, team: Crew, now: datetime, rrule: str, said: date | None, dates: list[str]
) -> None:
    asked = wish(team, rrule=rrule, starts_on=said)
    found = next_dates(asked, team.location, now, count=2).due
    assert [f"{due:%m-%d}" for due in found] == dates
    process = save(stored, team, now, asked)
    found = next_dates(asked, team.location, now, definitions.current_version(process), 2).due
    assert [f"{due:%m-%d}" for due in found] == dates


def test_nothing_is_planned_before_the_first_date(
    stored: Session, team: Crew, now: datetime
) -> None:
    save(stored, team, now, wish(team, rrule=DAILY, starts_on=date(2026, 11, 27)))
    planned = stored.scalars(select(Run.occurrence).order_by(Run.occurrence)).all()
    assert [each[:10] for each in planned] == ["2026-11-27", "2026-11-28", "2026-11-29"]


@pytest.mark.parametrize("rrule", [FORTNIGHT, DAILY])
def test_saving_again_without_a_date_keeps_the_one_that_counts(
    stored: Session, team: Crew, clock: FixedClock, rrule: str
) -> None:
    asked = wish(team, rrule=rrule, starts_on=date(2026, 12, 4))
    process = save(stored, team, clock.now(), asked)
    clock.advance(days=1)
    save(stored, team, clock.now(), replace(asked, starts_on=None), process)
    assert process.version_number == 1
    later = replace(asked, starts_on=None, grace_minutes=1)
    save(stored, team, clock.now(), later, process)
    assert (process.version_number, start(process)) == (2, date(2026, 12, 4))


def test_a_date_that_has_passed_is_nothing_to_a_rule_that_does_not_count_from_it(
    stored: Session, team: Crew, clock: FixedClock
) -> None:
    asked = wish(team, rrule=DAILY, starts_on=date(2026, 12, 4))
    process = save(stored, team, clock.now(), asked)
    save(stored, team, clock.advance(days=20), replace(asked, grace_minutes=1), process)
    assert definitions.draft_of(definitions.current_version(process)).starts_on is None
    assert events(stored, "process.saved")[-1]["changes"] == ["Grace: 1 minute, was 10 minutes"]
    save(stored, team, clock.now(), replace(asked, starts_on=date(2026, 1, 1)), process)
    assert start(process) == date(2026, 12, 4)


def test_a_date_ahead_can_be_brought_forward(stored: Session, team: Crew, now: datetime) -> None:
    asked = wish(team, rrule=DAILY, starts_on=date(2026, 12, 4))
    process = save(stored, team, now, asked)
    save(stored, team, now, replace(asked, starts_on=now.date()), process)
    assert start(process) == now.date()
    assert events(stored, "process.saved")[-1]["changes"] == [
        "First due: 23 November 2026, was 4 December 2026"
    ]


def test_the_date_stands_in_what_changes_and_between_versions(
    stored: Session, team: Crew, now: datetime
) -> None:
    asked = wish(team, rrule=FORTNIGHT)
    process = save(stored, team, now, asked)
    assert "First due: 23 November 2026" in events(stored, "process.saved")[-1]["changes"]
    asked = replace(asked, starts_on=date(2026, 12, 4))
    told = definitions.look(stored, team.olivia.id, team.org_id, asked, now, process)
    assert told.differences == ("First due: 4 December 2026, was 23 November 2026",)
    save(stored, team, now, asked, process)
    lines = definitions.compared(stored, process, 1, 2)
    assert [(each.what, each.after) for each in lines if each.is_other] == [
        ("First due", "4 December 2026")
    ]


def test_a_rule_that_is_not_dated_has_no_line_of_its_first_date(
    stored: Session, team: Crew, clock: FixedClock
) -> None:
    process = save(stored, team, clock.now(), wish(team))
    save(stored, team, clock.advance(days=2), wish(team, rrule=DAILY), process)
    assert start(process) == date(2026, 11, 25)
    for changes in (event["changes"] for event in events(stored, "process.saved")):
        assert not [each for each in changes if each.startswith("First due")]


def test_what_two_changed_at_once_is_put_together_with_its_first_date(
    stored: Session, team: Crew, now: datetime
) -> None:
    asked = wish(team, rrule=FORTNIGHT)
    process = save(stored, team, now, asked)
    save(stored, team, now, replace(asked, starts_on=date(2026, 12, 4)), process)
    joined, _changed = put_on_top(stored, process, replace(asked, grace_minutes=1), 1)
    assert (joined.starts_on, joined.grace_minutes) == (date(2026, 12, 4), 1)
    with pytest.raises(Problem) as caught:
        put_on_top(stored, process, replace(asked, starts_on=date(2026, 12, 11)), 1)
    assert [*caught.value.fields] == ["starts_on"]


def test_a_rule_that_is_put_on_top_begins_today_unless_a_date_is_chosen(
    stored: Session, team: Crew, clock: FixedClock
) -> None:
    process = save(stored, team, clock.now(), wish(team))
    save(stored, team, clock.now(), wish(team, grace_minutes=1), process)
    joined, _changed = put_on_top(stored, process, wish(team, rrule=FORTNIGHT), 1)
    save(stored, team, clock.advance(days=8), joined, process)
    assert start(process) == date(2026, 12, 1)


def text(more: str, cadence: str = "every 2 weeks on Friday") -> str:
    made = SMALL.format(deadline='"18:00"').replace("every day", cadence)
    return made.replace("    deadline", f"    {more}\n    deadline")


def test_a_text_says_the_first_date_and_a_dump_says_it_too(
    stored: Session, team: Crew, now: datetime
) -> None:
    apply(stored, team, now, text("starts: 2026-12-04"))
    assert the_process(stored).starts_on == date(2026, 12, 4)
    assert "    starts: 2026-12-04\n" in process_text.dump(stored, team.org_id)
    assert apply(stored, team, now, text("")) == []


def test_a_dump_says_from_where_a_rule_counts_that_nobody_dated(
    stored: Session, team: Crew, now: datetime
) -> None:
    apply(stored, team, now, text(""))
    assert "    starts: 2026-11-23\n" in process_text.dump(stored, team.org_id)


def test_a_dump_dates_no_rule_that_does_not_count_from_its_start(
    stored: Session, team: Crew, now: datetime
) -> None:
    apply(stored, team, now, text("", "every weekday"))
    assert "starts" not in process_text.dump(stored, team.org_id)
