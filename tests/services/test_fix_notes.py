"""Fix notes: the newest of each step at each place, and those after which it failed again."""

import pytest
from sqlalchemy import event, select

from tests.day import Day
from tests.factories import Crew, crew_of_a_daycare, process, proof
from tests.past_runs import DAY, past_runs
from tests.services.patterns.conftest import NOON
from webapp.models import Event, FixNote, Run, StepRun
from webapp.problems import Problem
from webapp.rules.fix_outcome import FixOutcome
from webapp.services import fix_notes, fix_outcomes, locations

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


def _became(session, note) -> FixOutcome:
    return fix_outcomes.outcomes(session, [note])[note.id]


def test_a_fix_did_not_hold_once_its_step_is_missed_in_a_later_run(stored, crew, day):
    day.does("ana", "fix_note", text="Oiled.")
    note = stored.scalars(select(FixNote)).one()
    day.later(hours=2)
    assert _became(stored, note).said is None  # its own run was missed
    day.later(hours=24)
    assert _became(stored, note) == FixOutcome("did_not_hold", 0, 14)


def test_without_notes_nothing_became_of_them(stored, crew):
    assert fix_outcomes.outcomes(stored, []) == {}


@pytest.fixture
def latch(stored, clock, crew):
    """A process that a second location does too; its step failed in half of the runs before."""
    return process(stored, crew, clock.now(), steps=NOTES)


def _fixed(session, crew, latch, went_before: str, went_since: str, place=None) -> FixNote:
    """A fix note at noon, after runs that went so and before runs that went so."""
    before = past_runs(session, crew, latch, went_before, NOON, place=place)
    note = fix_notes.write(session, crew.ana, before[-1].step_runs[0], "Door seal replaced.", NOON)
    session.commit()
    if went_since:
        past_runs(session, crew, latch, went_since, NOON + DAY * (len(went_since) + 1), place=place)
    return note


@pytest.mark.parametrize(
    ("before", "since", "said", "clean", "needed"),
    [
        (".s.s.s.s", "....", None, 4, 5),
        (".s.s.s.s", ".....", "held", 5, 5),
        (".s.s.s.s", ".....s", "held", 5, 5),
        (".s.s.s.s", "...s..", "did_not_hold", 3, 5),
        ("...................s", "." * 29, None, 29, 30),
        ("s", "." * 13, None, 13, 14),
        ("s", "....x.........", "held", 14, 14),
    ],
)
def test_a_fix_is_followed_over_the_runs_since(
    stored, crew, latch, before, since, said, clean, needed
):
    note = _fixed(stored, crew, latch, before, since)
    assert _became(stored, note) == FixOutcome(said, clean, needed)
    fix_outcomes.settle(stored, latch, NOON + DAY * 40)
    stored.commit()
    assert (note.outcome, note.clean_runs) == (said, clean)
    kinds = stored.scalars(select(Event.kind).where(Event.kind.like("fix.%")))
    assert list(kinds) == ([f"fix.{said}"] if said else [])


def test_a_miss_that_is_taken_back_later_mends_what_was_said_of_the_fix(stored, crew, latch):
    note = _fixed(stored, crew, latch, ".s.s.s.s", "...m.......")
    fix_outcomes.settle(stored, latch, NOON + DAY * 12)
    assert note.outcome == "did_not_hold"
    missed = stored.scalars(select(StepRun).where(StepRun.missed_at.is_not(None))).one()
    missed.miss_explained_at = NOON + DAY * 12
    fix_outcomes.settle(stored, latch, NOON + DAY * 13)
    assert note.outcome == "held"


def test_a_fix_that_held_is_offered_where_the_step_fails_and_taken_over_once(
    stored, crew, latch, clock
):
    place = locations.Place("Northside", "America/Chicago")
    north = locations.add(stored, crew.org_id, place, clock.now())
    held = _fixed(stored, crew, latch, ".s.s", "." * 12, place=north)
    fix_outcomes.settle(stored, latch, NOON + DAY * 20)
    (run,) = past_runs(stored, crew, latch, "m", NOON + DAY * 20)
    step = run.step_runs[0]
    offer = fix_notes.offers(stored, run.step_runs)[step.id]
    assert (offer.note, offer.location, offer.note.clean_runs) == (held, "Northside", 12)
    fix_notes.of_manager(stored, crew.olivia, step.id, "", held.id, NOON + DAY * 21)
    taken = fix_notes.newest(stored, [run])[step.step_key, crew.location.id]
    assert (taken.text, taken.from_id, taken.person) == (held.text, held.id, crew.olivia)
    assert fix_notes.offers(stored, run.step_runs) == {}
    assert fix_notes.noted(stored, run.step_runs) == {step.id}


def test_nobody_takes_over_what_is_not_theirs_or_has_not_held(stored, crew, latch):
    (run,) = past_runs(stored, crew, latch, "m", NOON)
    step = run.step_runs[0]
    for who, take, code in (
        (crew.olivia, "nothing", "not_found"),
        (crew.ana, "", "not_found"),
        (crew.olivia, "", "reason_missing"),
    ):
        with pytest.raises(Problem) as refused:
            fix_notes.of_manager(stored, who, step.id, " ", take, NOON)
        assert refused.value.code == code
