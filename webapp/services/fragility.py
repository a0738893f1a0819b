"""An organisation's processes as the read of where they are fragile takes them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from webapp.models import Person, ProcessVersion, Run, StepRun
from webapp.rules.fragility import PROOF, TAP, Share, Task
from webapp.services import away_ahead, definitions, organisations, reachability, windows
from webapp.services.coverage import CHASED
from webapp.services.reachability import Reachability
from webapp.services.week import EVENTFUL, LAST

BEHIND = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Past:
    """Runs of one process that were due: how many, missed, and ended with the owner."""

    due: int = 0
    missed: int = 0
    fell: int = 0


def tasks(session: Session, org_id: str, now: datetime) -> list[Task]:
    """Return every process in use as a task, by name; a task's key is the id of its process.

    What was missed is counted over the last four weeks, who is there over the planned runs.
    """
    owner = organisations.owner_of(session, org_id)
    in_use = definitions.processes(session, org_id)
    versions = definitions.current_versions(session, in_use)
    hows = reachability.of_versions(session, versions, owner)
    behind, ahead = _behind(session, org_id, now), _ahead(session, owner, now)
    return [
        _task(
            version,
            owner,
            behind.get(version.process_id, Past()),
            ahead.get(version.process_id),
            hows,
        )
        for version in versions
    ]


def _task(
    version: ProcessVersion,
    owner: Person,
    past: Past,
    ahead: Share | None,
    hows: Mapping[str, Reachability],
) -> Task:
    people = {level.role: level.person for level in version.chain if level.person}
    who, stand_in = people["assignee"], people["backup"]
    return Task(
        key=version.process_id,
        name=version.process.name,
        who=who.name,
        stand_in=stand_in.name,
        who_is_owner=who is owner,
        stand_in_is_owner=stand_in is owner,
        known_by=PROOF if leaves_proof(version) else TAP,
        missed=Share(past.missed, past.due) if past.due else None,
        fell=Share(past.fell, past.due) if past.due else None,
        uncovered=ahead,
        reaches=_reaches(people.values(), owner, hows),
    )


def leaves_proof(version: ProcessVersion) -> bool:
    """Whether any step leaves more than a tap: a timed check without a least time is only that."""
    return version.review == "all" or any(
        step.proof_kind != "timed" or step.requirement.get("min_seconds") for step in version.steps
    )


def _reaches(people: Iterable[Person], owner: Person, hows: Mapping[str, Reachability]) -> bool:
    return any(not hows[each.id].lacks_device for each in people if each is not owner)


def _behind(session: Session, org_id: str, now: datetime) -> dict[str, Past]:
    """Count the runs of the last four weeks by process; a miss that was explained is none."""
    were_due = and_(
        Run.org_id == org_id,
        Run.state.in_(("open", "closed")),
        Run.deadline_at > now - BEHIND,
        Run.deadline_at <= now,
    )
    due = select(Run.process_id, func.count()).where(were_due).group_by(Run.process_id)
    wrong = _went_wrong(session, were_due)
    return {
        process_id: Past(number, *wrong.get(process_id, (0, 0)))
        for process_id, number in session.execute(due)
    }


def _went_wrong(session: Session, were_due: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    """By process in how many of these runs a step was missed, and one ended with the owner."""
    runs = (
        select(
            Run.process_id,
            func.max(case((CHASED, 1), else_=0)).label("missed"),
            func.max(case((LAST, 1), else_=0)).label("fell"),
        )
        .join(StepRun, StepRun.run_id == Run.id)
        .where(were_due, windows.among(session, were_due), EVENTFUL)
        .group_by(Run.process_id, Run.id)
        .subquery()
    )
    counted = select(runs.c.process_id, func.sum(runs.c.missed), func.sum(runs.c.fell))
    rows = session.execute(counted.group_by(runs.c.process_id))
    return {process_id: (int(missed), int(fell)) for process_id, missed, fell in rows}


def _ahead(session: Session, owner: Person, now: datetime) -> dict[str, Share]:
    """Count the planned runs by process, and those for which nobody but the owner is there."""
    planned = select(Run.process_id, func.count()).where(
        Run.org_id == owner.org_id, Run.state == "planned", Run.deadline_at > now
    )
    counted = session.execute(planned.group_by(Run.process_id))
    alone = Counter(run.process_id for run in away_ahead.left_to_the_owner(session, owner, now))
    return {process_id: Share(alone[process_id], of) for process_id, of in counted}
