"""What saving a definition does to the runs that are planned: told beforehand, and afterwards.

Beforehand it is saved indeed, within a savepoint that is taken back: what is told is what saving
would do, because it is the same saving.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.models import Process, Run, StepRun
from webapp.rules import chain as chains
from webapp.rules.moment_words import local_date
from webapp.rules.proof_gate import requirement_from_json
from webapp.rules.run_changes import Change, Found, SeenRun, SeenStep, changes, counted
from webapp.services import planning


@dataclass(frozen=True, slots=True)
class PlaceEffect:
    """What changes in the runs of these locations, the same at each; `today` is their date."""

    places: tuple[str, ...]
    today: date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a process is, in words, and what it does at which locations.

    `version` is the number that it makes or would make; None when nothing changes.
    """

    version: int | None = None
    differences: tuple[str, ...] = ()
    places: tuple[PlaceEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """The runs of a process: those ahead by location and id, and which had begun before."""

    ahead: dict[_Place, dict[str, SeenRun]]
    begun: frozenset[str]
    keeping: tuple[tuple[_Place, Found], ...]


def told(
    session: Session, process: Process | None, now: datetime, change: Callable[[], Process]
) -> tuple[Process, tuple[PlaceEffect, ...]]:
    """Make the change and return its process with what that did to the runs.

    What an hour that has passed adds to the plan is no work of the change, so it is planned first.
    """
    if process:
        planning.replan_process(session, process, now)
    before = _seen(session, process, now) if process else _Seen({}, frozenset(), ())
    changed = change()
    after = _seen(session, changed, now, before.begun)
    return changed, _compared(before, after, now)


def _compared(before: _Seen, after: _Seen, now: datetime) -> tuple[PlaceEffect, ...]:
    alike: dict[tuple[date, tuple[Change, ...]], list[str]] = {}
    for place in sorted(before.ahead.keys() | after.ahead.keys(), key=lambda each: each.name):
        found = list(changes(before.ahead.get(place, {}), after.ahead.get(place, {})))
        if found:
            stays = [each for there, each in before.keeping if there == place]
            key = local_date(now, place.zone), counted([*found, *stays])
            alike.setdefault(key, []).append(place.name)
    return tuple(
        PlaceEffect(tuple(names), today, changed) for (today, changed), names in alike.items()
    )


def _seen(
    session: Session, process: Process, now: datetime, begun: frozenset[str] | None = None
) -> _Seen:
    """The runs as they are; `begun` names those that had begun before the change."""
    runs = _runs(session, process, now)
    if begun is None:
        begun = frozenset(run.id for run in runs if run.state == "open" or run.opens_at <= now)
    ahead: dict[_Place, dict[str, SeenRun]] = {}
    for run in runs:
        if run.id not in begun:
            ahead.setdefault(_place(run), {})[run.id] = _seen_run(run)
    return _Seen(ahead, begun, tuple(_keeping(run for run in runs if run.id in begun)))


def _runs(session: Session, process: Process, now: datetime) -> list[Run]:
    session.flush()
    query = (
        select(Run)
        .where(
            Run.process_id == process.id,
            Run.deadline_at >= now - timedelta(days=2),
            Run.state.in_(("planned", "open")),
        )
        .options(selectinload(Run.step_runs), joinedload(Run.version))
        .order_by(Run.deadline_at, Run.id)
    )
    return list(session.scalars(query))


def _keeping(runs: Iterable[Run]) -> Iterator[tuple[_Place, Found]]:
    for run in runs:
        yield _place(run), ("stays", (run.version.number,), _local(run, run.deadline_at).date())


def _place(run: Run) -> _Place:
    return _Place(run.location.name, run.location.time_zone)


def _local(run: Run, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(run.location.time_zone)).replace(tzinfo=None)


def _seen_run(run: Run) -> SeenRun:
    version = run.version
    steps = [each for each in run.step_runs if each.state != "void"]
    chain = steps[0].chain if steps else []
    return SeenRun(
        opens=_local(run, run.opens_at),
        due=_local(run, run.deadline_at),
        steps={each.step_key: _seen_step(each) for each in steps},
        later=chains.from_json(chain)[1:],
        review=version.review,
        reminding=(version.remind_minutes, version.reached_within_minutes),
    )


def _seen_step(step: StepRun) -> SeenStep:
    requirement = requirement_from_json(step.requirement)
    return SeenStep(
        title=step.title,
        proof=requirement.kind,
        holder=step.chain[0]["name"],
        asked=(requirement, step.may_skip, str(step.only_if), str(step.follow_up)),
        shown=(step.instructions, step.picture_sha256, step.picture_alt),
    )
