"""Runs of the past, written straight into the tables: one letter for how each went.

"." closed in time · "m" missed, then done by the backup · "s" sent back, then done · "x" missed,
but proved to be done in time · "b" done by the backup, not missed · "e" done just in time ·
"a" its person was known to be away, the backup did it · "A" the same, but missed · "d" missed,
and the phone was dark.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tests.factories import Crew
from webapp.models import Handoff, Location, Process, Proof, Run, StepRun, new_id
from webapp.services import definitions

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def past_runs(
    session: Session,
    crew: Crew,
    process: Process,
    went: str,
    until: datetime,
    *,
    step: int = 0,
    place: Location | None = None,
) -> list[Run]:
    """Write one run a day up to `until`, the oldest first; only that step went as said."""
    made = [
        _run(session, crew, process, how, until - DAY * (len(went) - n), step, place)
        for n, how in enumerate(went)
    ]
    session.commit()
    return made


def _run(session, crew, process, how, due, step, place) -> Run:
    version = definitions.current_version(process)
    run = Run(
        org_id=crew.org_id,
        process_id=process.id,
        version_id=version.id,
        location_id=(place or crew.location).id,
        occurrence=f"{due:%Y-%m-%dT%H:%M}",
        state="closed",
        opens_at=due - 2 * HOUR,
        opened_at=due - 2 * HOUR,
        deadline_at=due,
        closed_at=due + HOUR,
    )
    session.add(run)
    session.flush()
    for number, each in enumerate(version.steps):
        _step_run(session, crew, run, each, how if number == step else ".")
    return run


def _step_run(session, crew, run, step, how) -> None:
    by = crew.ben if how in "mbaAd" else crew.ana
    due = run.deadline_at
    at = {"m": due + HOUR, "A": due + HOUR, "d": due + HOUR, "e": due - HOUR / 60}.get(
        how, due - HOUR
    )
    made = StepRun(
        org_id=crew.org_id,
        run_id=run.id,
        step_key=step.key,
        position=step.position,
        title=step.title,
        instructions="",
        requirement=step.requirement,
        review="none",
        may_skip=False,
        chain=[{"person": crew.ana.id, "name": "Ana", "role": "assignee", "wait_minutes": 0}],
        last_level=3,
        state="open",
        holder_id=by.id,
        level=3,
        deadline_at=due,
        missed_at=due if how in "mxAd" else None,
        miss_explained_at=due + HOUR if how == "x" else None,
        sent_back_at=due - HOUR / 2 if how == "s" else None,
    )
    session.add(made)
    session.flush()
    _close(session, crew, made, by, at)
    if how in "aAd":
        _handed_on(session, crew, made, how, at)


def _close(session, crew, made, by, at) -> None:
    proof = Proof(
        org_id=crew.org_id,
        step_run_id=made.id,
        attempt=1,
        kind="note",
        state="current",
        content={"text": "Done."},
        evidence_sha256="0" * 64,
        notes=[],
        person_id=by.id,
        command_id=new_id(),
        device_at=at,
        captured_at=at,
        received_at=at,
        trust="live",
    )
    session.add(proof)
    session.flush()
    made.state, made.closed_at, made.closed_by_id, made.proof_id = "done", at, by.id, proof.id
    session.flush()


def _handed_on(session, crew, made, how, at) -> None:
    handoff = Handoff(
        org_id=crew.org_id,
        step_run_id=made.id,
        level=1,
        from_id=crew.ana.id,
        to_id=crew.ben.id,
        reason="missed" if how == "d" else "absent",
        due_at=at,
        at=at,
        dark_since=at - HOUR if how == "d" else None,
    )
    session.add(handoff)
    session.flush()
