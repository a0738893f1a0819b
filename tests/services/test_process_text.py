"""Process text: apply, diff and dump."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from webapp.models import Event, Location, Person, Process
from webapp.problems import Problem
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, people, process_text
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft

CONTRACT = (Path(__file__).parent / "example.yaml").read_text("utf-8")
SMALL = """\
processes:
  - name: Closing
    locations: [Downtown]
    cadence: every day
    deadline: {deadline}
    chain: [{{assignee: Ana}}, {{backup: Ben}}]
    steps: [{{title: Lock up, proof: timed}}]
"""


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def apply(session: Session, crew: Crew, now: datetime, text: str) -> list[str]:
    lines = process_text.apply(session, crew.org_id, crew.olivia.id, text, now)
    session.commit()
    return lines


def faults(session: Session, crew: Crew, now: datetime, text: str) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        process_text.apply(session, crew.org_id, crew.olivia.id, text, now)
    session.rollback()
    assert caught.value.code == "process_text_not_valid"
    return caught.value.fields


def the_process(session: Session) -> ProcessDraft:
    process = session.scalars(select(Process)).one()
    return definitions.draft_of(definitions.current_version(process))


def test_the_example_of_the_contract_applies_as_it_stands(stored: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(stored, now)
    apply(stored, crew, now, CONTRACT)
    draft = the_process(stored)
    assert draft.grace_minutes == 5
    assert [(level.role, level.wait_minutes) for level in draft.chain] == [
        ("assignee", 0),
        ("backup", 5),
        ("fallback", 20),
        ("owner", 30),
    ]
    assert draft.steps[1].requirement.maximum == Decimal(41)
    assert crew.ana.email == "ana@example.org"
    assert crew.location.closed_dates == {date(2026, 12, 25)}


def test_two_waits_for_the_first_handoff_are_settled_aloud(
    session: Session, crew: Crew, now: datetime
) -> None:
    assert apply(session, crew, now, CONTRACT)[-1] == (
        "Note: Opening check: the first handoff waits the grace of 5m; "
        "the backup's `after: 10m` is not used."
    )


def test_the_wait_of_the_backup_stands_in_for_a_grace_that_is_left_out(
    session: Session, crew: Crew, now: datetime
) -> None:
    lines = apply(session, crew, now, CONTRACT.replace("    grace: 5m\n", ""))
    assert the_process(session).grace_minutes == 10
    assert not [line for line in lines if line.startswith(process_text.NOTE)]


def test_applying_a_text_again_changes_nothing(session: Session, crew: Crew, now: datetime) -> None:
    apply(session, crew, now, CONTRACT)
    before = session.scalar(select(func.count()).select_from(Event))
    lines = apply(session, crew, now, CONTRACT)
    assert [line for line in lines if not line.startswith(process_text.NOTE)] == []
    assert session.scalar(select(func.count()).select_from(Event)) == before


def test_a_dump_applies_without_a_change_and_dumps_the_same(stored: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(stored, now)
    apply(stored, crew, now, CONTRACT)
    text = process_text.dump(stored, crew.org_id)
    assert apply(stored, crew, now, text) == []
    assert process_text.dump(stored, crew.org_id) == text


def test_a_dump_makes_the_same_organisation_elsewhere(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    text = process_text.dump(session, crew.org_id)
    text = text.replace("@", "@other-").replace("Olivia", "Olive")
    other = crew_of_a_daycare(session, now, name="Bluebell")
    other.olivia.name = "Olive"
    other.olivia.email = "olivia@other-sunflower.example"
    apply(session, other, now, text)
    assert process_text.dump(session, other.org_id) == text


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda text: text.strip()
)
LIMIT = st.decimals(-99, 99, places=1, allow_nan=False)


@st.composite
def steps(draw: st.DrawFn) -> DraftStep:
    kind = draw(st.sampled_from(("photo", "number", "note", "timed", "scan")))
    low, high = sorted((draw(LIMIT), draw(LIMIT)))
    wanted = {
        "number": Requirement(kind, draw(TEXT), low, high, draw(TEXT)),
        "timed": Requirement(kind, min_seconds=draw(st.integers(0, 9999))),
        "scan": Requirement(kind, scan_code=draw(st.none() | TEXT)),
    }
    how = draw(st.just("") | TEXT | st.sampled_from(("yes", "~", "07:15", "a: b", "one\n\ntwo")))
    return DraftStep(draw(TEXT), how, wanted.get(kind, Requirement(kind)), draw(st.booleans()))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=TEXT,
    wanted=st.lists(steps(), min_size=1, max_size=4),
    rrule=st.sampled_from(
        (
            "FREQ=DAILY",
            "FREQ=DAILY;BYHOUR=8,12",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=WEEKLY;INTERVAL=2",
        )
    ),
    opens=st.none() | st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    days=st.integers(0, 31),
    grace=st.integers(0, 31 * 24 * 60),
)
def test_whatever_can_be_saved_survives_its_text(
    session: Session,
    crew: Crew,
    now: datetime,
    name: str,
    wanted: list[DraftStep],
    rrule: str,
    opens: time | None,
    days: int,
    grace: int,
) -> None:
    draft = ProcessDraft(
        name=name,
        locations=("Downtown",),
        rrule=rrule,
        deadline=time(17, 30),
        chain=(DraftLevel("assignee", crew.ana.id, 0), DraftLevel("backup", crew.ben.id, 0)),
        steps=tuple(wanted),
        opens=opens,
        opens_days_before=days,
        grace_minutes=grace,
    )
    definitions.save(session, crew.olivia.id, crew.org_id, draft, now)
    text = process_text.dump(session, crew.org_id)
    assert process_text.apply(session, crew.org_id, crew.olivia.id, text, now) == []
    session.rollback()


def test_a_diff_says_what_would_change_and_writes_nothing(stored: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(stored, now)
    org_id, owner_id = crew.org_id, crew.olivia.id
    lines = process_text.diff(stored, org_id, owner_id, CONTRACT, now)
    stored.commit()
    assert "Process added: Opening check" in lines
    assert stored.scalar(select(func.count()).select_from(Process)) == 0
    assert "process.saved" not in stored.scalars(select(Event.kind)).all()
    assert stored.scalars(select(Location.opens)).one() is None


def test_a_diff_that_is_refused_writes_nothing(session: Session, crew: Crew, now: datetime) -> None:
    org_id, owner_id = crew.org_id, crew.olivia.id
    text = "people: [{name: New}]\n" + SMALL.format(deadline="25:00")
    with pytest.raises(Problem):
        process_text.diff(session, org_id, owner_id, text, now)
    session.commit()
    assert "New" not in session.scalars(select(Person.name)).all()


def test_a_change_is_told_in_words(session: Session, crew: Crew, now: datetime) -> None:
    apply(session, crew, now, CONTRACT)
    later = CONTRACT.replace('deadline: "07:15"', 'deadline: "07:30"')
    later = later.replace('opens: "06:30", closes', 'opens: "06:00", closes')
    later = later.replace("email: ana@example.org, role: staff", "role: manager")
    assert apply(session, crew, now, later)[:-1] == [
        "Location changed: Downtown",
        "  opens: 06:00, was 06:30",
        "Person changed: Ana",
        "  role: manager, was staff",
        "Process changed: Opening check",
        "  Deadline: 07:30, was 07:15",
    ]


def test_locations_and_people_keep_what_an_entry_leaves_out(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    assert apply(session, crew, now, "locations: [{name: Downtown}]\npeople: [{name: Ana}]") == []


def test_an_empty_value_clears_opening_hours(session: Session, crew: Crew, now: datetime) -> None:
    apply(session, crew, now, CONTRACT)
    apply(session, crew, now, "locations: [{name: Downtown, opens: , closed: []}]")
    assert (crew.location.opens, crew.location.closed_dates) == (None, frozenset())


def test_a_process_is_defined_by_its_entry_as_a_whole(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    lines = apply(session, crew, now, CONTRACT.replace("    review: photos ", "    # "))
    assert "  Review: none, was photos" in lines


def test_nothing_is_removed_by_being_absent(session: Session, crew: Crew, now: datetime) -> None:
    apply(session, crew, now, CONTRACT)
    apply(session, crew, now, SMALL.format(deadline='"18:00"'))
    names = [process.name for process in definitions.processes(session, crew.org_id)]
    assert names == ["Closing", "Opening check"]


def test_a_new_person_gets_in_by_no_invitation(session: Session, crew: Crew, now: datetime) -> None:
    text = "people: [{name: Gus, email: GUS@example.org, locations: [Downtown]}]"
    assert apply(session, crew, now, text) == ["Person added: Gus (staff)"]
    gus = people.by_name(session, crew.org_id, "Gus")
    assert (gus.email, gus.password_hash) == ("gus@example.org", None)
    assert gus.locations == [crew.location]
    assert "person.added" in session.scalars(select(Event.kind)).all()


def test_a_retired_process_is_taken_up_again_by_its_text(
    session: Session, crew: Crew, now: datetime
) -> None:
    text = SMALL.format(deadline='"18:00"')
    apply(session, crew, now, text)
    process = session.scalars(select(Process)).one()
    definitions.retire(session, crew.olivia.id, process, now)
    assert process_text.dump(session, crew.org_id).endswith("processes: []\n")
    assert apply(session, crew, now, text) == ["Process changed: Closing", "  Taken up again"]


@pytest.mark.parametrize("written", ["17:15", '"17:15"', "17:15:00"])
def test_a_time_need_not_be_quoted(
    session: Session, crew: Crew, now: datetime, written: str
) -> None:
    apply(session, crew, now, SMALL.format(deadline=written))
    assert the_process(session).deadline == time(17, 15)


def test_words_that_yaml_reads_as_something_else_stay_words(
    session: Session, crew: Crew, now: datetime
) -> None:
    text = SMALL.format(deadline="18:00").replace("title: Lock up", "title: no")
    apply(session, crew, now, text)
    assert the_process(session).steps[0].title == "no"


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
        "processes[0].chain[1].backup, line 6, column 39",
        "processes[0].chain[1].after, line 6, column 51",
        "processes[0].chain[2].owner, line 6, column 65",
        "processes[0].steps[0].title, line 8, column 16",
        "processes[0].steps[1].min, line 9, column 45",
        "processes[0].steps[2], line 10, column 9",
        "processes[0].steps[2].profe, line 10, column 23",
        "processes[1].locations, line 11, column 5",
        "processes[1].cadence, line 11, column 5",
        "processes[1].deadline, line 11, column 5",
        "processes[1].chain.assignee, line 11, column 5",
        "processes[1].chain.backup, line 11, column 5",
        "processes[1].steps, line 11, column 5",
        "processes[1].review, line 12, column 13",
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


@pytest.mark.parametrize("text", ["x" * 1_000_001, "a: \x00"])
def test_what_is_no_text_is_refused_as_a_whole(
    session: Session, crew: Crew, now: datetime, text: str
) -> None:
    assert faults(session, crew, now, text) == {}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "processes:\n", "{}"])
def test_a_text_that_says_nothing_changes_nothing(
    session: Session, crew: Crew, now: datetime, text: str
) -> None:
    assert apply(session, crew, now, text) == []


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


def test_a_dump_is_plain_yaml_without_those_who_left(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    crew.maya.deactivated_at = now
    session.commit()
    read = yaml.safe_load(process_text.dump(session, crew.org_id))
    assert [person["name"] for person in read["people"]] == ["Ana", "Ben", "Fay", "Olivia"]
    assert read["processes"][0]["steps"][1]["max"] == 41


def test_half_a_text_is_never_kept(session: Session, crew: Crew, now: datetime) -> None:
    text = SMALL.format(deadline="18:00") + "  - {name: Other}\n"
    faults(session, crew, now, text)
    assert session.scalar(select(func.count()).select_from(Process)) == 0
