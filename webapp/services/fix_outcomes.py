"""Whether fixes held: read from the runs since, and settled each night for good."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import FixNote, Handoff, Process, Run, StepRun
from webapp.rules import fix_outcome as rules
from webapp.rules.fix_outcome import FixOutcome
from webapp.services import record

# A miss may be taken back while a phone is in the dark: so long a fix is looked at again.
SETTLES_AGAIN = timedelta(days=14)
# For so long the clean runs of a fix that held are counted on: that is how the best one is found.
COUNTS_ON = timedelta(days=180)

COULD_NOT = StepRun.moves.any(and_(Handoff.reason == "cannot_do", Handoff.returned_at.is_(None)))
IS_MISSED = and_(StepRun.missed_at.is_not(None), StepRun.miss_explained_at.is_(None))
# The rule of `rules.fix_outcome.has_failed`, where the database asks.
HAS_FAILED = or_(IS_MISSED, StepRun.sent_back_at.is_not(None), COULD_NOT)
# A run counts once its step is done, or has failed already.
COUNTS = or_(StepRun.state == "done", HAS_FAILED)


def failed(step: StepRun) -> bool:
    """Whether this step failed in its run."""
    return rules.has_failed(
        missed=step.missed_at is not None,
        explained=step.miss_explained_at is not None,
        sent_back=step.sent_back_at is not None,
        could_not=any(each.reason == "cannot_do" for each in step.handoffs),
    )


def before(session: Session, step_run: StepRun, most: int) -> tuple[int, int]:
    """Return in how many of how many runs the step failed, up to this one."""
    run = step_run.run
    query = (
        select(HAS_FAILED)
        .join(Run, Run.id == StepRun.run_id)
        .where(
            Run.process_id == run.process_id,
            Run.location_id == run.location_id,
            Run.occurrence < run.occurrence,
            StepRun.step_key == step_run.step_key,
            COUNTS,
        )
        .order_by(Run.occurrence.desc())
        .limit(most - 1)
    )
    flags = list(session.scalars(query))
    return sum(map(bool, flags)) + 1, len(flags) + 1  # this one is why the note is written


def outcomes(session: Session, notes: Iterable[FixNote]) -> dict[str, FixOutcome]:
    """Return what became of each fix, by the note's id; what is settled is not asked for again."""
    every = list(notes)
    waiting = [note for note in every if note.outcome is None]
    since = _since(session, waiting)
    return {
        note.id: _settled(note) if note.outcome else _judged(note, since.get(note.id, []))
        for note in every
    }


def settle(session: Session, process: Process, now: datetime) -> None:
    """Write down what became of the fixes of a process, where it can be told by now."""
    due = (
        select(FixNote)
        .join(StepRun, StepRun.id == FixNote.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .where(Run.process_id == process.id)
        .where(
            or_(
                FixNote.outcome.is_(None),
                FixNote.settled_at > now - SETTLES_AGAIN,
                and_(FixNote.outcome == "held", FixNote.at > now - COUNTS_ON),
            )
        )
    )
    notes = list(session.scalars(due).unique())
    since = _since(session, notes)
    for note in notes:
        _settle(session, note, _judged(note, since.get(note.id, [])), now)


def _settle(session: Session, note: FixNote, judged: FixOutcome, now: datetime) -> None:
    if note.outcome == judged.said:
        note.clean_runs = max(note.clean_runs, judged.clean)
        return
    note.outcome, note.clean_runs = judged.said, judged.clean
    note.settled_at = now if judged.said else None
    if judged.said:
        payload = {"note": note.id, "clean_runs": judged.clean, "needed": judged.needed}
        kind = f"fix.{judged.said}"
        record.note(session, note.org_id, now, kind, record.SYSTEM, note.step_run_id, payload)


def needed(note: FixNote) -> int:
    """Return how many clean runs in a row show that this fix held."""
    return rules.clean_runs_needed(note.failed_before, note.of_before)


def _judged(note: FixNote, since: Sequence[bool]) -> FixOutcome:
    return rules.outcome(since, needed(note))


def _settled(note: FixNote) -> FixOutcome:
    said: Any = note.outcome
    return FixOutcome(said, note.clean_runs, needed(note))


def _since(session: Session, notes: Sequence[FixNote]) -> dict[str, list[bool]]:
    """Whether the step failed in each later run at that place, the oldest first."""
    found: dict[str, list[bool]] = {}
    for note_id, has_failed in session.execute(_later(notes)) if notes else ():
        found.setdefault(note_id, []).append(bool(has_failed))
    return found


def _later(notes: Sequence[FixNote]) -> Select[str, bool]:
    """By the key of runs: those of the same process and place whose turn came after the note."""
    own_step, own_run = aliased(StepRun), aliased(Run)
    return (
        select(FixNote.id, HAS_FAILED)
        .join(own_step, own_step.id == FixNote.step_run_id)
        .join(own_run, own_run.id == own_step.run_id)
        .join(
            Run,
            and_(
                Run.process_id == own_run.process_id,
                Run.location_id == FixNote.location_id,
                Run.occurrence > own_run.occurrence,
                Run.deadline_at > FixNote.at,
            ),
        )
        .join(StepRun, and_(StepRun.run_id == Run.id, StepRun.step_key == FixNote.step_key))
        .where(FixNote.id.in_([note.id for note in notes]), COUNTS)
        .order_by(FixNote.id, Run.occurrence)
    )
