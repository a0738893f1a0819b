"""Occurrences become planned runs: seven days ahead, kept right through every edit."""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, selectinload

from webapp.models import EngineState, Location, Process, ProcessVersion, Run
from webapp.rules import cadence
from webapp.rules.planning import PlannedRun, plan
from webapp.services import calendars, places, record, step_runs

log = structlog.get_logger()

HORIZON = timedelta(days=7)
PLAN_EVERY = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)
_NOT_BEGUN = datetime.max.replace(tzinfo=UTC)


def plan_if_due(session: Session, engine: EngineState, now: datetime) -> bool:
    """Plan every process once an hour; also when the clock was moved back behind the last time."""
    due = engine.next_plan_at
    if due is not None and now < due <= now + PLAN_EVERY:
        return False
    for process_id in session.scalars(select(Process.id).order_by(Process.id)).all():
        _replan_or_leave(session, process_id, now)
    engine.next_plan_at = now + PLAN_EVERY
    return True


def _replan_or_leave(session: Session, process_id: str, now: datetime) -> None:
    """Plan one process; one that cannot be planned keeps no other from its runs.

    It is locked and read afresh: an edit that was saved meanwhile must not be planned over.
    """
    lock = {"key_share": True}
    process = session.get(Process, process_id, with_for_update=lock, populate_existing=True)
    if process is None:
        return
    try:
        with record.attempt(session):
            replan_process(session, process, now)
    except OperationalError:
        raise
    except Exception:
        log.exception("a process could not be planned", process=process_id)


def replan_location(session: Session, location: Location, now: datetime) -> None:
    """Make the planned runs of a location right after its zone, hours or closures changed."""
    query = (
        select(Process)
        .join(ProcessVersion, ProcessVersion.process_id == Process.id)
        .where(
            ProcessVersion.number == Process.version_number,
            ProcessVersion.locations.any(Location.id == location.id),
        )
    )
    for process in session.scalars(query).unique():
        replan_process(session, process, now)


def replan_process(session: Session, process: Process, now: datetime) -> None:
    """Make the planned runs of a process follow its current version, at all its locations."""
    session.flush()
    version = current_version(session, process)
    if version is None:
        return
    runs = _runs_ahead(session, process, now)
    wanted = {location.id: location for location in version.locations}
    for location_id in wanted.keys() | {run.location_id for run in runs}:
        location = wanted.get(location_id) if process.retired_at is None else None
        here = [run for run in runs if run.location_id == location_id]
        _replan_at(session, version, location, here, now)


def current_version(session: Session, process: Process) -> ProcessVersion | None:
    """Return the version that new runs follow, or None before the first."""
    return session.scalars(
        select(ProcessVersion).where(
            ProcessVersion.process_id == process.id,
            ProcessVersion.number == process.version_number,
        )
    ).one_or_none()


def _runs_ahead(session: Session, process: Process, now: datetime) -> list[Run]:
    """Runs that an edit may concern: planned ones, and what has begun around these days."""
    query = (
        select(Run)
        .where(Run.process_id == process.id, Run.deadline_at >= now - timedelta(days=2))
        .options(selectinload(Run.step_runs))
    )
    return list(session.scalars(query))


def _replan_at(
    session: Session,
    version: ProcessVersion,
    location: Location | None,
    runs: list[Run],
    now: datetime,
) -> None:
    schedule = schedule_of(version)
    by_key = {run.occurrence: run for run in runs}
    changes = plan(
        wanted(version, location, _planned_deadlines(runs), now) if location else [],
        [planned_run(run) for run in runs],
        now,
        several_a_day=cadence.several_a_day(schedule),
    )
    for dropped in changes.drop:
        step_runs.discard(session, by_key.pop(dropped.key), now)
    moved = [(by_key[planned.key], occurrence) for planned, occurrence in changes.move]
    for run, occurrence in moved:
        run.occurrence = occurrence.key
        run.opens_at, run.deadline_at = occurrence.opens_at, occurrence.deadline_at
    created = [_new_run(version, location, occurrence) for occurrence in changes.create]
    session.add_all(created)
    outdated = [run for run, _ in moved] + [
        run for run in by_key.values() if _is_outdated(run, version, now)
    ]
    step_runs.prepare(session, [*created, *dict.fromkeys(outdated)], version)
    session.flush()


def planned_run(run: Run) -> PlannedRun:
    """Return a run as planning sees it: one taken away before it opened comes back when wanted.

    It has not begun, even if its time came meanwhile: a zone that is corrected may move it ahead.
    """
    if _was_taken_away(run):
        return PlannedRun(run.occurrence, _NOT_BEGUN, run.deadline_at, "planned")
    return PlannedRun(run.occurrence, run.opens_at, run.deadline_at, run.state)  # type: ignore[arg-type]


def _was_taken_away(run: Run) -> bool:
    return run.state == "void" and run.opened_at is None


def _is_outdated(run: Run, version: ProcessVersion, now: datetime) -> bool:
    ahead = run.opens_at > now and run.opened_at is None
    return ahead and (run.state == "void" or run.version_id != version.id)


def _planned_deadlines(runs: list[Run]) -> list[datetime]:
    return [run.deadline_at for run in runs if run.opened_at is None]


def horizon(version: ProcessVersion, now: datetime) -> datetime:
    """Return until when deadlines have their runs, once planning has looked at `now`."""
    return now + HORIZON + timedelta(days=version.opens_days_before)


def wanted(
    version: ProcessVersion, location: Location, planned: list[datetime], now: datetime
) -> list[cadence.Occurrence]:
    """Return the occurrences that a version wants at a location from `now` on.

    As far as the horizon, or beyond it as far as runs are `planned` (their deadlines).
    """
    end = max([horizon(version, now), *planned]) + _MOMENT
    return calendars.due_between(schedule_of(version), places.present(location), now, end)


def is_wanted(session: Session, run: Run, now: datetime) -> bool:
    """Whether the process still wants this very run: its occurrence, at its time."""
    version = current_version(session, run.process)
    if version is None or run.process.retired_at or run.location not in version.locations:
        return False
    return any(
        (each.key, each.deadline_at) == (run.occurrence, run.deadline_at)
        for each in wanted(version, run.location, [run.deadline_at], now)
    )


def _new_run(
    version: ProcessVersion, location: Location | None, occurrence: cadence.Occurrence
) -> Run:
    assert location is not None, "only a location wants occurrences"
    return Run(
        org_id=version.process.org_id,
        process=version.process,
        version=version,
        location=location,
        occurrence=occurrence.key,
        opens_at=occurrence.opens_at,
        deadline_at=occurrence.deadline_at,
        state="planned",
        step_runs=[],
    )


def schedule_of(version: ProcessVersion) -> cadence.Schedule:
    """Return the version's schedule for the rules of cadence."""
    return cadence.Schedule(
        rrule=version.rrule,
        deadline=version.deadline,
        starts_on=version.starts_on,
        opens=version.opens,
        opens_days_before=version.opens_days_before,
    )
