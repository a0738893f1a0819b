"""Fix notes: the newest of each step at each place, and those after which it failed again."""

import pytest
from sqlalchemy import event, select

from tests.day import Day
from tests.factories import Crew, crew_of_a_daycare, proof
from webapp.models import FixNote, Run
from webapp.services import fix_notes, locations

NOTES = (("Gate latch", proof("note")), ("Front room ready", proof("note")))


@pytest.fixture
def crew(stored, clock) -> Crew:
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew) -> Day:
    return Day(stored, clock, crew, steps=NOTES)


@pytest.fixture
def loaded():
    """The texts of the fix notes that are read from the database."""
    texts: list[str] = []

    def note(read, _context) -> None:
        texts.append(read.text)

    event.listen(FixNote, "load", note)
    yield texts
    event.remove(FixNote, "load", note)


def test_only_the_newest_fix_note_of_each_step_is_read(stored, clock, day, loaded):
    latch, room = day.step.run.step_runs
    for number in range(3):
        clock.advance(minutes=1)
        day.does("ana", "fix_note", text=f"Latch {number}.", step=latch)
    day.does("ana", "fix_note", text="Swept.", step=room)
    run_id = latch.run_id
    stored.expunge_all()
    found = fix_notes.newest(stored, [stored.get_one(Run, run_id)])
    assert {note.text for note in found.values()} == {"Latch 2.", "Swept."}
    assert sorted(loaded) == ["Latch 2.", "Swept."]


def test_each_location_has_its_own_fix_notes(stored, clock, crew, day):
    day.does("ana", "fix_note", text="Oiled.")
    place = locations.Place("Uptown", "America/Chicago")
    uptown = locations.add(stored, crew.org_id, place, clock.now())
    elsewhere = FixNote(
        org_id=crew.org_id,
        step_key=day.step.step_key,
        location_id=uptown.id,
        step_run_id=day.step.id,
        person=crew.ana,
        text="Not here.",
        at=clock.advance(minutes=1),
    )
    stored.add(elsewhere)
    stored.flush()
    found = fix_notes.newest(stored, [day.step.run])
    assert [note.text for note in found.values()] == ["Oiled."]


def test_without_runs_there_are_no_fix_notes(stored, crew):
    assert fix_notes.newest(stored, []) == {}


def test_a_note_failed_once_its_step_is_missed_in_a_later_run(stored, crew, day):
    day.does("ana", "fix_note", text="Oiled.")
    note = stored.scalars(select(FixNote)).one()
    day.later(hours=2)
    assert fix_notes.failed_again(stored, [note]) == set()  # its own run was missed
    day.later(hours=24)
    assert fix_notes.failed_again(stored, [note]) == {note.id}


def test_without_notes_nothing_has_failed(stored, crew):
    assert fix_notes.failed_again(stored, []) == set()
