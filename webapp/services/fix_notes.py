"""What was done about a miss or a failed step, and whether it held."""

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import FixNote, Handoff, Person, Run, StepRun


def newest(session: Session, runs: list[Run]) -> dict[tuple[str, str], FixNote]:
    """Return the newest note of each (step key, location) in these runs.

    What somebody wrote who was erased tells nobody anything.
    """
    keys = {step.step_key for run in runs for step in run.step_runs}
    latest = (
        select(FixNote.step_key, FixNote.location_id, func.max(FixNote.at).label("at"))
        .where(
            FixNote.step_key.in_(keys),
            FixNote.location_id.in_({run.location_id for run in runs}),
            FixNote.person.has(Person.erased_at.is_(None)),
        )
        .group_by(FixNote.step_key, FixNote.location_id)
        .subquery()
    )
    is_latest = and_(
        FixNote.step_key == latest.c.step_key,
        FixNote.location_id == latest.c.location_id,
        FixNote.at == latest.c.at,
    )
    query = select(FixNote).join(latest, is_latest).order_by(FixNote.id)
    return {(note.step_key, note.location_id): note for note in session.scalars(query)}


def failed_again(session: Session, notes: Collection[FixNote]) -> set[str]:
    """Return the ids of the fix notes after which their step failed once more at that place.

    It was missed, sent back, or somebody could not do it, in a later run. A miss that was taken
    back is none.
    """
    was_missed = and_(StepRun.missed_at > FixNote.at, StepRun.miss_explained_at.is_(None))
    could_not = StepRun.moves.any(and_(Handoff.reason == "cannot_do", Handoff.at > FixNote.at))
    later = (
        select(StepRun.id)
        .join(Run, Run.id == StepRun.run_id)
        .where(
            StepRun.org_id == FixNote.org_id,
            StepRun.step_key == FixNote.step_key,
            StepRun.id != FixNote.step_run_id,
            Run.location_id == FixNote.location_id,
            or_(was_missed, StepRun.sent_back_at > FixNote.at, could_not),
        )
    )
    ids = [note.id for note in notes]
    query = select(FixNote.id).where(FixNote.id.in_(ids), later.exists())
    return set(session.scalars(query)) if ids else set()
