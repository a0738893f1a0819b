"""Process text: apply, diff and dump."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare, reached_by_phone
from tests.services.process_texts import CONTRACT, SMALL, apply, the_process
from webapp.models import Event, Location, Person, Process
from webapp.problems import Problem
from webapp.services import definitions, locations, people, process_text


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def crew(session: Session, now: datetime) -> Crew:
    """Everybody has a phone, so that chain lint has nothing to say of a sound chain."""
    crew = crew_of_a_daycare(session, now)
    reached_by_phone(session, *crew.people.values())
    return crew


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


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", (None, None)),
        ("    remind: 10m\n    reached_within: 2m\n", (10, 2)),
        ("    remind: never\n    reached_within: never\n", (0, 0)),
        ("    remind: 30m\n    reached_within:\n", (30, None)),
    ],
)
def test_a_text_says_how_a_process_reminds_and_reaches_people(
    session: Session, crew: Crew, now: datetime, said: str, kept: tuple[int | None, int | None]
) -> None:
    apply(session, crew, now, CONTRACT.replace("    grace: 5m\n", f"    grace: 5m\n{said}"))
    draft = the_process(session)
    assert (draft.remind_minutes, draft.reached_within_minutes) == kept


def test_a_backup_from_another_location_is_taken_with_a_note(
    session: Session, crew: Crew, now: datetime
) -> None:
    place = locations.Place("Harbour", "America/Chicago")
    crew.ben.locations = [locations.add(session, crew.org_id, place, now)]
    session.commit()
    note = "Note: Closing: Ben works at Harbour, not at Downtown."
    for _ in range(2):
        assert apply(session, crew, now, SMALL.format(deadline='"18:00"'))[-1] == note


def test_what_may_slip_is_noted_when_a_text_is_applied_and_not_again_without_a_change(
    session: Session, crew: Crew, now: datetime
) -> None:
    alone = SMALL.format(deadline='"18:00"').replace("backup: Ben", "backup: Olivia")
    note = (
        "Note: Closing: Nobody but Olivia, the owner, stands behind Ana."
        " Name a backup who is not the owner."
    )
    assert apply(session, crew, now, alone)[-1] == note
    assert apply(session, crew, now, alone) == []


def test_applying_a_text_again_changes_nothing(session: Session, crew: Crew, now: datetime) -> None:
    apply(session, crew, now, CONTRACT)
    before = session.scalar(select(func.count()).select_from(Event))
    lines = apply(session, crew, now, CONTRACT)
    assert [line for line in lines if not line.startswith(process_text.NOTE)] == []
    assert session.scalar(select(func.count()).select_from(Event)) == before


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
        "  At Downtown:",
        "    5 runs are due at 07:30 instead of 07:15: today to Friday 27 November.",
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
    assert apply(session, crew, now, text) == [
        "Process changed: Closing",
        "  Taken up again",
        "  At Downtown:",
        "    7 runs are planned, due at 18:00: today to Sunday 29 November.",
    ]


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


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "processes:\n", "{}"])
def test_a_text_that_says_nothing_changes_nothing(
    session: Session, crew: Crew, now: datetime, text: str
) -> None:
    assert apply(session, crew, now, text) == []
