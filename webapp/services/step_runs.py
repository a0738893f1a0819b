"""Step runs from planned to open: prepared with the run, frozen when it opens."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    ChainLevel,
    FixNote,
    Handoff,
    Person,
    ProcessVersion,
    Proof,
    Run,
    Step,
    StepRun,
)
from webapp.models.run import CLOSED_STATES
from webapp.problems import Problem
from webapp.rules import chain as chains
from webapp.rules import holding as rules
from webapp.rules.reminder import remind_at
from webapp.services import availability, holding, locked, organisations, record

# What phones hold at most: today and the next two days, one of which may have an hour more.
ON_PHONES = timedelta(days=3, hours=1)


def prepare(session: Session, runs: list[Run], version: ProcessVersion) -> None:
    """Give planned runs the waiting steps of `version`.

    Phones work from these before the run opens, so a step keeps its step run (by its key) when
    the process is edited.
    """
    if not runs:
        return
    chain = snapshot(session, version, runs[0].org_id)
    for run in runs:
        run.version, run.state = version, "planned"
        _follow(session, run, version, chain)


def _follow(
    session: Session, run: Run, version: ProcessVersion, chain: list[dict[str, Any]]
) -> None:
    existing = {step_run.step_key: step_run for step_run in run.step_runs}
    for step in version.steps:
        step_run = existing.pop(step.key, None) or StepRun(step_key=step.key)
        step_run.state = "waiting"
        _copy_step(step_run, run, version, step, chain)
        if step_run not in run.step_runs:
            run.step_runs.append(step_run)
    for gone in existing.values():
        _leave_out(session, gone)


def discard(session: Session, run: Run, now: datetime) -> None:
    """Take a planned run away; one that phones hold, or that has evidence, stays, void."""
    if run.opens_at < now + ON_PHONES or any(map(partial(has_evidence, session), run.step_runs)):
        run.state = "void"
        for step_run in run.step_runs:
            step_run.state = "void"
    else:
        session.delete(run)


def _leave_out(session: Session, step_run: StepRun) -> None:
    if has_evidence(session, step_run):
        step_run.state = "void"
    else:
        step_run.run.step_runs.remove(step_run)


def has_evidence(session: Session, step_run: StepRun) -> bool:
    """Whether anybody has given a proof or a fix note for it, whatever became of that."""
    given = exists().where(Proof.step_run_id == step_run.id)
    noted = exists().where(FixNote.step_run_id == step_run.id)
    return bool(session.scalar(select(or_(given, noted))))


def snapshot(session: Session, version: ProcessVersion, org_id: str) -> list[dict[str, Any]]:
    """Return the version's chain with names, the owner's station filled in, ready to freeze."""
    owner = organisations.owner_of(session, org_id)
    return chains.to_json([_frozen(version, level, owner) for level in version.chain])


def _frozen(version: ProcessVersion, level: ChainLevel, owner: Person) -> chains.Level:
    person = level.person or owner
    wait = chains.wait_of(level.role, level.wait_minutes, version.grace_minutes)
    return chains.Level(level.role, person.id, person.name, wait)


def _copy_step(
    step_run: StepRun, run: Run, version: ProcessVersion, step: Step, chain: list[dict[str, Any]]
) -> None:
    step_run.org_id = run.org_id
    step_run.position = step.position
    step_run.title, step_run.instructions = _worded(step, run.location_id or run.location.id)
    step_run.requirement = step.requirement
    step_run.may_skip = step.may_skip
    step_run.picture_sha256, step_run.picture_alt = step.picture_sha256, step.picture_alt
    step_run.only_if, step_run.follow_up = step.only_if, step.follow_up
    step_run.review = version.review
    step_run.chain = chain
    step_run.last_level = len(chain) - 1
    step_run.deadline_at = run.deadline_at
    step_run.reached_within_minutes = version.reached_within_minutes


def _worded(step: Step, location_id: str) -> tuple[str, str]:
    """Title and instructions as the location has them in its own words, else the step's."""
    own = next((each for each in step.wordings if each.location_id == location_id), None)
    if own is None:
        return step.title, step.instructions
    title, how = own.title, own.instructions
    return step.title if title is None else title, step.instructions if how is None else how


def open_run(session: Session, run: Run, now: datetime) -> None:
    """Open the run: its steps, deadline, grace and chain are frozen from here on.

    The caller holds the run's lock; a run that somebody else opened meanwhile is left alone.
    """
    if run.state != "planned":
        return
    prepare(session, [run], run.version)
    run.state, run.opened_at = "open", now
    run.remind_at = remind_at(run.opens_at, run.deadline_at, run.version.remind_minutes)
    for step_run in run.step_runs:
        if step_run.state == "waiting" and not step_run.is_later:
            open_step(session, step_run, now)
    record.note(
        session,
        run.org_id,
        now,
        "run.opened",
        record.SYSTEM,
        run.id,
        {
            "process": run.process.name,
            "version": run.version.number,
            "location": run.location.name,
            "occurrence": run.occurrence,
            "deadline_at": run.deadline_at,
            "steps": [{"id": each.id, "title": each.title} for each in run.step_runs],
            "chain": run.step_runs[0].chain if run.step_runs else [],
        },
    )


def open_step(session: Session, step_run: StepRun, now: datetime) -> None:
    """With the responsible person; the engine's next look hands it on if they are not there."""
    stand = rules.begins(
        holding.terms_of(step_run),
        now,
        lambda person: availability.reason_against(session, person, step_run, now),
    )
    step_run.state, step_run.holder = "open", session.get_one(Person, stand.holder)
    holding.put(step_run, stand)
    session.flush()


def close_run_if_done(session: Session, run: Run, now: datetime) -> None:
    """Close the run once nothing of it is open any more. The caller holds the run's lock."""
    if run.state != "open" or locked.holds_open(session, run):
        return
    if _is_open_elsewhere(session, run):
        return
    run.state, run.closed_at, run.remind_at = "closed", now, None
    record.note(
        session, run.org_id, now, "run.closed", record.SYSTEM, run.id, {"process": run.process.name}
    )


def _is_open_elsewhere(session: Session, run: Run) -> bool:
    known = locked.known_of(session, run)
    if known is not None and not known.has_later:  # nothing else opens or closes meanwhile
        return known.is_open_elsewhere
    open_still = exists().where(StepRun.run_id == run.id, StepRun.state.not_in(CLOSED_STATES))
    return bool(session.scalar(select(open_still)))


def lock_run_of(session: Session, org_id: str, step_run_id: str) -> None:
    """Lock the run of a step run and read it afresh.

    Everything that changes a step run from outside locks its run first, then the step run, then
    blobs, then the record's head: one order, so that no two can wait for each other. The lock
    leaves rows that only refer to the run alone (FOR NO KEY UPDATE).
    """
    query = (
        select(Run)
        .join(StepRun, StepRun.run_id == Run.id)
        .where(StepRun.id == step_run_id, StepRun.org_id == org_id)
        .with_for_update(of=Run, key_share=True)
        .execution_options(populate_existing=True)
    )
    session.scalars(query).one_or_none()


def find(session: Session, org_id: str, step_run_id: str, *, lock: bool = False) -> StepRun | None:
    """Return the organisation's step run, locked for a change when `lock`; None if unknown."""
    if (held := locked.held(session).get(step_run_id)) is not None:
        return held
    query = select(StepRun).where(StepRun.id == step_run_id, StepRun.org_id == org_id)
    if lock:
        lock_run_of(session, org_id, step_run_id)
        query = query.with_for_update(of=StepRun, key_share=True)
        query = query.execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def get(session: Session, org_id: str, step_run_id: str, *, lock: bool = False) -> StepRun:
    """Return the organisation's step run, or raise not_found."""
    step_run = find(session, org_id, step_run_id, lock=lock)
    if step_run is None:
        raise Problem("not_found")
    return step_run


def people_so_far(step_run: StepRun) -> frozenset[str]:
    """Return the ids of everybody who has held the step: they may close it.

    Who stood in and handed the step back is among them: their work may still be on its way. So
    is who will hold it from the start, before the run opens; and who answered the question that
    a later step waited for.
    """
    if step_run.state == "waiting":
        return _first_holders(step_run)
    responsible = chains.from_json(step_run.chain)[0].person
    taken = {each.to_id for each in step_run.moves if each.passed_over is None}
    taken |= who_answered(step_run) if step_run.is_later else set()
    return frozenset({responsible, step_run.holder_id or responsible} | taken)


def who_answered(step_run: StepRun) -> set[str]:
    """Return who did the steps that a later one asks of: they may go on with what follows."""
    asked = {each["step"] for each in (step_run.only_if, step_run.follow_up) if each}
    steps = [each for each in step_run.run.step_runs if each.step_key in asked]
    return {each.closed_by_id for each in steps if each.closed_by_id}


def _first_holders(step_run: StepRun) -> frozenset[str]:
    """The responsible person, and who stands in for one who is away or has left."""
    session = Session.object_session(step_run)
    assert session is not None, "what is asked for was read in a session"
    passed = availability.passed_at_opening(session, [step_run.run]).get(step_run.run_id, [])
    levels = chains.from_json(step_run.chain)[: len(passed) + 1]
    return frozenset({levels[0].person, levels[-1].person})


def last_taking(step_run: StepRun) -> Handoff | None:
    """Return the handoff by which the present holder got the step, if they are not the first."""
    taken = [each for each in step_run.handoffs if each.passed_over is None]
    return taken[-1] if taken else None
