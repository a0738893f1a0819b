"""What the rules of patterns look at, read from a process's last runs by the keys of runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Exists, Row, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from webapp.models import (
    ChainLevel,
    FixNote,
    Handoff,
    Location,
    Process,
    ProcessVersion,
    Proof,
    Run,
    Step,
    StepRun,
)
from webapp.models.process import version_location
from webapp.rules.fix_outcome import has_failed
from webapp.rules.patterns import HeldDay, Noted, Scope, Seen
from webapp.services import definitions
from webapp.services.fix_outcomes import COULD_NOT, COUNTS

# The last runs of a process at a place that are looked at, and how far back.
MOST_RUNS, SINCE = 120, timedelta(days=180)
DARK_SINCE = timedelta(days=40)
GONE_AWAY = ("absent", "deactivated")
# The key of a run is its nominal local time: it may be another day there than here.
ANYWHERE = timedelta(days=1)


def seen(session: Session, process: Process, now: datetime) -> list[Seen]:
    """Return the steps of a process over its last runs at each of its places, the oldest first."""
    version = definitions.current_version(process)
    rows = [
        row
        for place in version.locations
        for row in session.execute(_rows(process.id, place.id, now))
    ]
    made = map(_seen, rows)
    return sorted(made, key=lambda each: (each.due_at, each.run))


def notes(session: Session, steps: Sequence[Seen]) -> list[Noted]:
    """Return the fix notes on these steps since the first of these runs, the oldest first."""
    keys = {each.step for each in steps}
    of = (FixNote.id, FixNote.step_key, FixNote.location_id, FixNote.at, FixNote.text)
    query = select(*of)
    if not steps:
        return []
    query = query.where(FixNote.step_key.in_(keys), FixNote.at >= steps[0].due_at)
    return [Noted(*row) for row in session.execute(query.order_by(FixNote.at))]


def scope(session: Session, org_id: str) -> Scope:
    """Return how much of an organisation is looked at, from what is defined."""
    places = (
        select(func.count()).where(version_location.c.version_id == ProcessVersion.id)
    ).scalar_subquery()
    steps = select(func.count(Step.id)).where(Step.version_id == ProcessVersion.id)
    query = (
        select(places, steps.scalar_subquery())
        .select_from(ProcessVersion)
        .join(Process, Process.id == ProcessVersion.process_id)
        .where(Process.org_id == org_id, Process.retired_at.is_(None))
        .where(ProcessVersion.number == Process.version_number)
    )
    counted = session.execute(query).all()
    return Scope(
        steps=sum(places * steps for places, steps in counted),
        processes=sum(places for places, _ in counted),
        people=session.scalar(_first_people(org_id)) or 0,
    )


def _first_people(org_id: str) -> Select[int]:
    people = select(func.count(func.distinct(ChainLevel.person_id)))
    people = people.join(ProcessVersion, ProcessVersion.id == ChainLevel.version_id)
    people = people.join(Process, Process.id == ProcessVersion.process_id)
    return people.where(
        Process.org_id == org_id,
        ProcessVersion.number == Process.version_number,
        ChainLevel.level == 0,
    )


def held_days(session: Session, org_id: str, now: datetime) -> dict[str, list[HeldDay]]:
    """Return the days on which each person was the first to hold steps, and which were dark."""
    days: dict[str, dict[Any, HeldDay]] = {}
    for person, due, zone, run, dark in session.execute(_held_runs(session, org_id, now)):
        day = due.astimezone(ZoneInfo(zone)).date()
        known = days.setdefault(str(person), {})
        if dark or day not in known:
            known[day] = HeldDay(day, bool(dark), run)
    return {person: list(known.values()) for person, known in days.items()}


def _held_runs(session: Session, org_id: str, now: datetime) -> Select[*tuple[Any, ...]]:
    """Each run that somebody was the first to hold, and whether a step left them in the dark."""
    dark = exists().where(Handoff.step_run_id == StepRun.id, Handoff.dark_since.is_not(None))
    any_of = func.max if session.get_bind().dialect.name == "sqlite" else func.bool_or
    held = (ChainLevel.person_id, Run.deadline_at, Location.time_zone, Run.id)
    return (
        select(*held, any_of(dark))
        .select_from(Run)
        .join(StepRun, StepRun.run_id == Run.id)
        .join(Location, Location.id == Run.location_id)
        .join(ChainLevel, and_(ChainLevel.version_id == Run.version_id, ChainLevel.level == 0))
        .where(Run.org_id == org_id, Run.deadline_at > now - DARK_SINCE, Run.deadline_at <= now)
        .where(Run.state.in_(("open", "closed")), ~_was_away())
        .group_by(*held)
        .order_by(Run.deadline_at, Run.id)
    )


def _was_away() -> Exists:
    return exists().where(
        Handoff.step_run_id == StepRun.id,
        Handoff.from_id == ChainLevel.person_id,
        Handoff.reason.in_(GONE_AWAY),
    )


def _rows(process_id: str, place_id: str, now: datetime) -> Select[*tuple[Any, ...]]:
    """The steps of the last runs of a process at a place."""
    runs = _last_runs(process_id, place_id, now).subquery()
    return (
        select(
            StepRun.id,
            StepRun.run_id,
            StepRun.step_key,
            StepRun.title,
            Run.location_id,
            StepRun.deadline_at,
            StepRun.missed_at,
            StepRun.miss_explained_at,
            StepRun.sent_back_at,
            StepRun.closed_by_id,
            func.coalesce(StepRun.opened_at, Run.opened_at).label("opened_at"),
            Proof.captured_at,
            COULD_NOT.label("could_not"),
            _first_away().label("away"),
            _first_of_run().label("first"),
        )
        .select_from(runs)
        .join(Run, Run.id == runs.c.id)
        .join(StepRun, StepRun.run_id == Run.id)
        .outerjoin(Proof, Proof.id == StepRun.proof_id)
        .where(COUNTS)
    )


def _last_runs(process_id: str, place_id: str, now: datetime) -> Select[str]:
    return (
        select(Run.id)
        .where(
            Run.process_id == process_id,
            Run.location_id == place_id,
            Run.occurrence >= (now - SINCE - ANYWHERE).date().isoformat(),
            Run.occurrence <= (now + ANYWHERE).date().isoformat() + "~",
            Run.state.in_(("open", "closed")),
        )
        .order_by(Run.occurrence.desc())
        .limit(MOST_RUNS)
    )


def _first_of_run() -> ScalarSelect[str]:
    first = select(ChainLevel.person_id).where(
        ChainLevel.version_id == Run.version_id, ChainLevel.level == 0
    )
    return first.scalar_subquery()


def _first_away() -> Exists:
    return exists().where(
        Handoff.step_run_id == StepRun.id,
        Handoff.level == 1,
        Handoff.reason.in_(GONE_AWAY),
        Handoff.returned_at.is_(None),
    )


def _seen(row: Row[*tuple[Any, ...]]) -> Seen:
    failed = has_failed(
        missed=row.missed_at is not None,
        explained=row.miss_explained_at is not None,
        sent_back=row.sent_back_at is not None,
        could_not=bool(row.could_not),
    )
    return Seen(
        step_run=row.id,
        run=row.run_id,
        step=row.step_key,
        title=row.title,
        place=row.location_id,
        due_at=row.deadline_at,
        failed=_how(row) if failed else "",
        first=row.first or "",
        closer=row.closed_by_id or "",
        first_away=bool(row.away),
        at_the_end=_at_the_end(row),
    )


def _how(row: Row[*tuple[Any, ...]]) -> str:
    """How it failed; what was missed as well is a miss."""
    if row.missed_at is not None and row.miss_explained_at is None:
        return "missed"
    return "sent_back" if row.sent_back_at is not None else "cannot_do"


def _at_the_end(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether it was done in time, in the last tenth of what there was, or in the grace after."""
    if row.captured_at is None or row.opened_at is None or row.missed_at is not None:
        return False
    last_tenth = row.deadline_at - (row.deadline_at - row.opened_at) / 10
    return bool(row.captured_at >= last_tenth)
