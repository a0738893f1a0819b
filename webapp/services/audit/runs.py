"""Runs: every occurrence that a process wants has one, at its time, and nothing else has."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import lazyload

from webapp.models import (
    Event,
    Location,
    Organisation,
    Process,
    ProcessVersion,
    RecordHead,
    Run,
    StepRun,
)
from webapp.models.run import CLOSED_STATES
from webapp.rules import cadence
from webapp.rules.planning import PlannedRun, RunState, plan
from webapp.rules.sentences import N_, say
from webapp.services import planning
from webapp.services.audit.finding import Finding, or_say
from webapp.services.audit.look import MOST, TOLERANCE, Look
from webapp.services.silence import SILENCE

# So many processes are compared in one audit of a long-lived process; the next go on from there.
PROCESSES_AT_ONCE = 150
# What plans runs at once, and among how many of the newest events it is looked for.
EDITS = ("process.saved", "location.changed")
NEWEST = 500


def check(look: Look) -> Iterator[Finding]:
    """Find runs that are missing, doubled, in the wrong place of time, or stuck."""
    turn = _whose_turn(look)
    versions = look.session.scalars(_current_versions(turn)).unique().all()
    runs = _runs_ahead(look, turn)
    for version in versions:
        yield from _compared(look, version, runs[version.process_id])
    yield from _not_opened(look)
    yield from _not_as_open_runs_are(look)


def _whose_turn(look: Look) -> list[str]:
    """All processes, or the next few and those that were at fault the last time."""
    ids = list(look.session.scalars(select(Process.id).order_by(Process.id)))
    memory = look.memory
    if memory is None or len(ids) <= PROCESSES_AT_ONCE:
        return ids
    ahead = [each for each in ids if each > memory.process_after]
    turn = (ahead or ids)[:PROCESSES_AT_ONCE]
    memory.process_after = turn[-1]
    return [*turn, *sorted(memory.suspects.intersection(ids) - set(turn))]


def _current_versions(process_ids: list[str]) -> Select[ProcessVersion]:
    return (
        select(ProcessVersion)
        .join(Process, Process.id == ProcessVersion.process_id)
        .where(Process.id.in_(process_ids), ProcessVersion.number == Process.version_number)
        .options(lazyload(ProcessVersion.steps), lazyload(ProcessVersion.chain))
        .order_by(Process.id)
    )


Here = defaultdict[str, list[Any]]


def _runs_ahead(look: Look, process_ids: list[str]) -> defaultdict[str, Here]:
    """The runs that planning looks at, by process and location."""
    columns = (Run.id, Run.process_id, Run.location_id, Run.occurrence, Run.opens_at)
    query = select(*columns, Run.deadline_at, Run.state, Run.opened_at).where(
        Run.org_id.in_(select(Organisation.id)),
        Run.process_id.in_(process_ids),
        Run.deadline_at >= look.since,
    )
    grouped: defaultdict[str, Here] = defaultdict(lambda: defaultdict(list))
    for run in look.session.execute(query):
        grouped[run.process_id][run.location_id].append(run)
    return grouped


def _compared(look: Look, version: ProcessVersion, runs: Here) -> Iterator[Finding]:
    process = version.process
    places = {each.id: each for each in version.locations} if process.retired_at is None else {}
    sentence = say(
        "The runs of %(process)s cannot be planned. Open the process, look at its times and at the"
        " time zones of its locations, and save it again.",
        process=process.name,
    )
    unreadable = Finding("process_unreadable", process.id, process.org_id, sentence)
    findings: dict[Finding, None] = {}
    for location_id in sorted(places.keys() | runs.keys()):
        location = look.session.get_one(Location, location_id)
        is_wanted = location_id in places
        here = _at_one(look, process, version, location, runs[location_id], is_wanted)
        findings |= dict.fromkeys(or_say(here, unreadable))
    if look.memory is not None:
        change = look.memory.suspects.add if findings else look.memory.suspects.discard
        change(process.id)
    return iter(findings)


def _at_one(
    look: Look,
    process: Process,
    version: ProcessVersion,
    location: Location,
    runs: Sequence[Any],
    is_wanted: bool,
) -> Iterator[Finding]:
    yield from _twice(look, process, location, runs)
    planned = [run.deadline_at for run in runs if run.opened_at is None]
    wanted = planning.wanted(version, location, planned, look.now) if is_wanted else []
    changes = plan(
        wanted,
        [_as_planned(run) for run in runs],
        look.now,
        several_a_day=cadence.several_a_day(planning.schedule_of(version)),
    )
    id_of = {run.occurrence: run.id for run in runs}
    void = {run.occurrence for run in runs if run.state == "void" and run.opened_at is None}
    until = _planned_until(look, version)

    def found(code: str, subject: str, says: str, at: datetime) -> Finding:
        sentence = say(says, **_run_named(look, process, location, at))
        return Finding(code, subject, process.org_id, sentence)

    revivable = [each for each in wanted if each.key in void and each.opens_at > look.now]
    for missing in [*changes.create, *revivable]:
        if until is not None and missing.deadline_at <= until:
            says = N_("The run of %(process)s at %(location)s due at %(due)s is not planned.")
            yield found("run_missing", process.id, says, missing.deadline_at)
    for extra in changes.drop:
        if extra.key not in void:
            says = N_("The run of %(process)s at %(location)s due at %(due)s is not wanted.")
            yield found("run_unwanted", id_of[extra.key], says, extra.deadline_at)
    for run, occurrence in changes.move:
        if run.key not in void:
            says = N_(
                "The run of %(process)s at %(location)s due at %(due)s is planned for another time."
            )
            yield found("run_moved", id_of[run.key], says, occurrence.deadline_at)


def _run_named(look: Look, process: Process, location: Location, at: datetime) -> dict[str, str]:
    due = look.words(at, location.time_zone)
    return {"process": process.name, "location": location.name, "due": due}


def _as_planned(run: Any) -> PlannedRun:
    was_taken_away = run.state == "void" and run.opened_at is None
    state = cast(RunState, "planned" if was_taken_away else run.state)
    return PlannedRun(run.occurrence, run.opens_at, run.deadline_at, state)


def _planned_until(look: Look, version: ProcessVersion) -> datetime | None:
    """Until when the last planning has planned; None before the first."""
    if look.planned_at is None:
        return None
    last = min(look.planned_at - planning.PLAN_EVERY, look.now)
    return planning.horizon(version, last) - TOLERANCE


def _twice(
    look: Look, process: Process, location: Location, runs: Sequence[Any]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for run in sorted(runs, key=lambda each: (each.deadline_at, each.id)):
        if run.occurrence in seen:
            sentence = say(
                "%(process)s at %(location)s has two runs due at %(due)s.",
                **_run_named(look, process, location, run.deadline_at),
            )
            yield Finding("run_twice", run.id, process.org_id, sentence)
        seen.add(run.occurrence)


def _not_opened(look: Look) -> Iterator[Finding]:
    late = Run.opens_at < look.clock_at - SILENCE
    query = _named().where(Run.state == "planned", or_(late, Run.set_aside_at.is_not(None)))
    for run in look.session.execute(query.order_by(Run.opens_at).limit(MOST)):
        where = {"process": run.process, "location": run.location}
        if run.set_aside_at is not None:
            sentence = say(
                "%(process)s at %(location)s could not be opened. Open the page Needs you and try"
                " it again.",
                **where,
            )
            yield Finding("run_set_aside", run.id, run.org_id, sentence)
        elif not _just_planned(look, run.org_id):
            sentence = say(
                "%(process)s at %(location)s should have opened at %(time)s, and has not.",
                time=look.words(run.opens_at, run.zone),
                **where,
            )
            yield Finding("run_not_opened", run.id, run.org_id, sentence)


def _just_planned(look: Look, org_id: str) -> bool:
    """An edit may plan a run that should be open already: the next tick opens it."""
    head = look.session.get(RecordHead, org_id)
    edited = select(Event.seq).where(
        Event.org_id == org_id,
        Event.seq > (head.seq if head else 0) - NEWEST,
        Event.kind.in_(EDITS),
        Event.at >= look.clock_at - SILENCE,
    )
    return look.session.scalar(edited.limit(1)) is not None


def _not_as_open_runs_are(look: Look) -> Iterator[Finding]:
    of_run = StepRun.run_id == Run.id
    empty = ~exists().where(of_run)
    over = ~exists().where(of_run, StepRun.state.not_in(CLOSED_STATES))
    for run in look.session.execute(_open_lately(look, or_(empty, over), empty)):
        where = {"process": run.process, "location": run.location}
        if run.is_empty:
            sentence = say("%(process)s at %(location)s is open and has no steps.", **where)
            yield Finding("run_without_steps", run.id, run.org_id, sentence)
        else:
            sentence = say(
                "%(process)s at %(location)s is open, though all its steps are closed.", **where
            )
            yield Finding("run_not_closed", run.id, run.org_id, sentence)


def _open_lately(look: Look, condition: ColumnElement[bool], empty: ColumnElement[bool]) -> Any:
    return (
        _named()
        .add_columns(empty.label("is_empty"))
        .where(
            Run.org_id.in_(select(Organisation.id)),
            Run.deadline_at.between(look.since, look.now + planning.HORIZON),
            Run.state == "open",
            condition,
        )
        .limit(MOST)
    )


def _named() -> Any:
    columns = (Run.id, Run.org_id, Run.opens_at, Run.set_aside_at)
    named = (Process.name.label("process"), Location.name.label("location"))
    return (
        select(*columns, *named, Location.time_zone.label("zone"))
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
    )


def check_planning(look: Look) -> Iterator[Finding]:
    """Find that the clock ticks and does not plan."""
    if look.planned_at is not None and look.planned_at < look.clock_at - SILENCE:
        sentence = "The runs of the next days are not being planned. Look at the clock's log."
        yield Finding("planning_overdue", "engine", None, sentence)
