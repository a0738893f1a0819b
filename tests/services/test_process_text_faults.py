"""What is wrong with a process text, told with its line and column."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.process_texts import CONTRACT, SMALL, faults
from webapp.models import Process


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def test_nobody_is_guessed_at(session: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(session, now)
    crew.ben.name, crew.fay.name = "Benno", "Faye"
    session.commit()
    assert faults(session, crew, now, CONTRACT) == {
        "processes[0].chain[1].backup, line 12, column 39": (
            "Nobody called “Ben” works here. Add them under people."
        ),
        "processes[0].chain[2].fallback, line 12, column 68": (
            "Nobody called “Fay” works here. Add them under people."
        ),
    }


def test_every_fault_is_told_at_once_with_its_place_from_top_to_bottom(
    session: Session, crew: Crew, now: datetime
) -> None:
    text = """\
processes:
  - name: Opening check
    locations: [Nowhere]
    cadence: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30
    grace: soon
    remind: often
    chain: [{assignee: Ana}, {backup: Ana, after: 40d}, {owner: false}]
    steps:
      - {title: , proof: photo}
      - {title: Fridge, proof: number, min: 5, max: 4}
      - {title: Gate, profe: scan}
  - name: Closing
    review: everything
"""
    assert list(faults(session, crew, now, text)) == [
        "processes[0].deadline, line 2, column 5",
        "processes[0].locations, line 3, column 16",
        "processes[0].cadence, line 4, column 14",
        "processes[0].grace, line 5, column 12",
        "processes[0].remind, line 6, column 13",
        "processes[0].chain[1].backup, line 7, column 39",
        "processes[0].chain[1].after, line 7, column 51",
        "processes[0].chain[2].owner, line 7, column 65",
        "processes[0].steps[0].title, line 9, column 16",
        "processes[0].steps[1].min, line 10, column 45",
        "processes[0].steps[2], line 11, column 9",
        "processes[0].steps[2].profe, line 11, column 23",
        "processes[1].locations, line 12, column 5",
        "processes[1].cadence, line 12, column 5",
        "processes[1].deadline, line 12, column 5",
        "processes[1].chain.assignee, line 12, column 5",
        "processes[1].chain.backup, line 12, column 5",
        "processes[1].steps, line 12, column 5",
        "processes[1].review, line 13, column 13",
    ]


@pytest.mark.parametrize(
    ("text", "where", "sentence"),
    [
        ("[1, 2", "line 1, column 6", "Expected ',' or ']'"),
        ("a: &x [1]\nb: *x", "line 1, column 4", "anchors and aliases"),
        ("[" * 50, "line 1, column 13", "nested too deeply"),
        ("a: 1\n---\nb: 2", "line 2, column 1", "another document"),
        ("- 1", "text, line 1, column 1", "a mapping with locations, people, processes"),
        ("processes: 3", "processes, line 1, column 12", "must be a list"),
        ("processes: [3]", "processes[0], line 1, column 13", "must be a mapping"),
        ("proceses: []", "proceses, line 1, column 1", "Did you mean processes?"),
        ("people: []\npeople: []", "people, line 2, column 1", "given twice"),
        ("people: [{role: staff}]", "people[0], line 1, column 10", "Give it a name"),
        (
            "people: [{name: Ana}, {name: ' Ana'}]",
            "people[1].name, line 1, column 30",
            "there twice",
        ),
        ("people: [{name: [Ana]}]", "people[0].name, line 1, column 17", "must be text"),
        ("people: [{name: A, role: chef}]", "people[0].role, line 1, column 26", "staff"),
        ("people: [{name: A, email: a}]", "people[0].email, line 1, column 27", "e-mail"),
        (
            "people: [{name: A, locations: [X]}]",
            "people[0].locations[0], line 1, column 32",
            "no location called “X”",
        ),
        ("locations: [{name: Up}]", "locations[0], line 1, column 13", "its time zone"),
        (
            "locations: [{name: Up, time_zone: Amerika/Chicago}]",
            "locations[0].time_zone, line 1, column 35",
            "Did you mean America/Chicago?",
        ),
        (
            "locations: [{name: Downtown, closed: [12/25]}]",
            "locations[0].closed[0], line 1, column 39",
            "not a date",
        ),
        (
            "locations: [{name: Downtown, opens: half six}]",
            "locations[0].opens, line 1, column 37",
            "not a time of day",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(
    session: Session, crew: Crew, now: datetime, text: str, where: str, sentence: str
) -> None:
    told = faults(session, crew, now, text)
    assert sentence in told[where]


def test_a_tag_builds_no_object(session: Session, crew: Crew, now: datetime) -> None:
    told = faults(session, crew, now, "people: !!python/object/apply:os.system [x]")
    assert told.keys() == {"people[0], line 1, column 42"}


def test_somebody_who_left_is_not_brought_back_by_a_text(
    session: Session, crew: Crew, now: datetime
) -> None:
    crew.ben.deactivated_at = now
    session.commit()
    told = faults(session, crew, now, "people: [{name: Ben}]")
    assert told == {
        "people[0], line 1, column 10": "Ben no longer works here. Invite them again first."
    }


def test_half_a_text_is_never_kept(session: Session, crew: Crew, now: datetime) -> None:
    text = SMALL.format(deadline="18:00") + "  - {name: Other}\n"
    faults(session, crew, now, text)
    assert session.scalar(select(func.count()).select_from(Process)) == 0
