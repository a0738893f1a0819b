"""What was done about a miss or a failed step: written, found again, and taken over elsewhere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import FixNote, Location, Person, Run, StepRun
from webapp.problems import Problem
from webapp.rules.fix_outcome import RUNS_BEFORE
from webapp.services import fix_outcomes, reach, record, step_runs

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Offer:
    """A fix of the same step that has held at another location, for so many runs."""

    note: FixNote
    location: str


def write(
    session: Session,
    person: Person,
    step_run: StepRun,
    text: str,
    now: datetime,
    taken_from: FixNote | None = None,
) -> FixNote:
    """Keep what was done about it, with how often the step had failed up to now."""
    failed, of = fix_outcomes.before(session, step_run, RUNS_BEFORE)
    note = FixNote(
        org_id=step_run.org_id,
        step_key=step_run.step_key,
        location_id=step_run.run.location_id,
        step_run_id=step_run.id,
        person=person,
        text=text,
        at=now,
        failed_before=failed,
        of_before=of,
        from_id=taken_from.id if taken_from else None,
    )
    session.add(note)
    session.flush()
    return note


def of_manager(
    session: Session, person: Person, step_run_id: str, text: str, take: str, now: datetime
) -> StepRun:
    """Keep what a manager of the location says was done, or the fix `take` that held elsewhere."""
    step_run = step_runs.get(session, person.org_id, step_run_id)
    if not reach.manages(person, step_run.run.location):
        raise Problem("not_found")
    taken = _held_elsewhere(session, step_run, take) if take else None
    text = (taken.text if taken else text).strip()[:LONGEST]
    if not text:
        raise Problem("reason_missing")
    write(session, person, step_run, text, now, taken)
    payload = {
        "title": step_run.title,
        "by": {"id": person.id, "name": person.name},
        "text": text,
        "taken_from": taken.location_id if taken else None,
    }
    record.note(session, person.org_id, now, "fix.noted", person.id, step_run.id, payload)
    return step_run


def newest(session: Session, runs: list[Run]) -> dict[tuple[str, str], FixNote]:
    """Return the newest note of each (step key, location) in these runs."""
    keys = {step.step_key for run in runs for step in run.step_runs}
    return newest_of(session, keys, {run.location_id for run in runs})


def newest_of(
    session: Session, keys: Collection[str], places: Collection[str]
) -> dict[tuple[str, str], FixNote]:
    """Return the newest note of each of these steps at each of these locations.

    What somebody wrote who was erased tells nobody anything.
    """
    latest = (
        select(FixNote.step_key, FixNote.location_id, func.max(FixNote.at).label("at"))
        .where(
            FixNote.step_key.in_(keys),
            FixNote.location_id.in_(places),
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


def noted(session: Session, steps: Iterable[StepRun]) -> set[str]:
    """Return the ids of those step runs on which somebody has written a fix note."""
    ids = [step.id for step in steps]
    query = select(FixNote.step_run_id).where(FixNote.step_run_id.in_(ids)).distinct()
    return set(session.scalars(query)) if ids else set()


def offers(session: Session, steps: Iterable[StepRun]) -> dict[str, Offer]:
    """Return the best fix of another location for each step that failed, by the step run's id.

    The best is what has held for the most runs, the newer of two. Only what held is offered, and
    nothing where the same words were tried already.
    """
    failed = [step for step in steps if fix_outcomes.failed(step)]
    held = _held(session, failed)
    mine = newest_of(
        session,
        {step.step_key for step in failed},
        {step.run.location_id for step in failed},
    )
    found = {}
    for step in failed:
        tried = mine.get((step.step_key, step.run.location_id))
        fit = [each for each in held.get(step.step_key, []) if _is_elsewhere(each, step, tried)]
        if fit:
            found[step.id] = fit[0]
    return found


def _is_elsewhere(offer: Offer, step: StepRun, tried: FixNote | None) -> bool:
    same = tried is not None and tried.text == offer.note.text
    return offer.note.location_id != step.run.location_id and not same


def _held(session: Session, steps: list[StepRun]) -> dict[str, list[Offer]]:
    keys = {step.step_key for step in steps}
    if not keys:
        return {}
    query = (
        select(FixNote, Location.name)
        .join(Location, Location.id == FixNote.location_id)
        .where(FixNote.org_id == steps[0].org_id, FixNote.step_key.in_(keys))
        .where(FixNote.outcome == "held", FixNote.person.has(Person.erased_at.is_(None)))
        .order_by(FixNote.clean_runs.desc(), FixNote.at.desc(), FixNote.id)
    )
    held: dict[str, list[Offer]] = {}
    for note, name in session.execute(query).unique():
        held.setdefault(note.step_key, []).append(Offer(note, name))
    return held


def _held_elsewhere(session: Session, step_run: StepRun, note_id: str) -> FixNote:
    found = [each.note for each in _held(session, [step_run]).get(step_run.step_key, [])]
    for note in found:
        if note.id == note_id:
            return note
    raise Problem("not_found")
