"""Chains that would end too soon in the days ahead: who stands behind is away, or the owner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Person, Process, ProcessVersion, Run
from webapp.rules.moment_words import earliest_today
from webapp.services import availability, organisations, reach, reachability

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What dead-ends in the next seven days.

    `both_away`: planned runs whose responsible person and backup are both away, and somebody else
    than the owner is there, the next one first. `owner_only`: processes whose backup is the owner,
    each with its responsible person. `no_phone`: processes in whose chain no device of anybody,
    the owner's either, takes messages.
    """

    both_away: list[Run]
    owner_only: list[tuple[Process, Person]]
    no_phone: list[Process]


def ahead(session: Session, asking: Person, now: datetime) -> Ahead:
    """Return what dead-ends among the planned runs that `asking` sees."""
    runs = _runs(asking, now)
    owner = organisations.owner_of(session, asking.org_id)
    versions = _versions(session, runs)
    how = reachability.of_versions(session, versions, owner)
    return Ahead(
        both_away=_both_away(session, asking, runs, versions, now),
        owner_only=[
            (version.process, assignee)
            for version in versions
            if (assignee := _only_before_owner(version, owner)) is not None
        ],
        no_phone=[
            version.process
            for version in versions
            if all(how[(level.person or owner).id].lacks_device for level in version.chain)
        ],
    )


def _runs(asking: Person, now: datetime) -> Select[Run]:
    query = select(Run).where(
        Run.org_id == asking.org_id,
        Run.state == "planned",
        Run.deadline_at > now,
        Run.deadline_at <= now + AHEAD,
    )
    return reach.of_runs(asking, query)


def _versions(session: Session, runs: Select[Run]) -> list[ProcessVersion]:
    """Of each process the newest version that is planned, by the name of the process."""
    planned = runs.with_only_columns(Run.version_id).distinct()
    query = (
        select(ProcessVersion).where(ProcessVersion.id.in_(planned)).order_by(ProcessVersion.number)
    )
    newest = {version.process_id: version for version in session.scalars(query).unique()}
    return sorted(newest.values(), key=lambda version: version.process.name)


def _only_before_owner(version: ProcessVersion, owner: Person) -> Person | None:
    """The responsible person, when nobody but the owner stands behind them."""
    assignee, *behind = version.chain
    others = {level.person_id or owner.id for level in behind}
    return assignee.person if assignee.person_id != owner.id and others == {owner.id} else None


def _both_away(
    session: Session,
    asking: Person,
    runs: Select[Run],
    versions: Iterable[ProcessVersion],
    now: datetime,
) -> list[Run]:
    gone = availability.not_always_there(session, asking.org_id, earliest_today(now))
    concerned = [
        version.id
        for version in versions
        if len(version.chain) > 3 and gone.issuperset(_first_two(version))
    ]
    if not concerned:
        return []
    query = runs.where(Run.version_id.in_(concerned)).options(selectinload(Run.step_runs))
    found = session.scalars(query.order_by(Run.deadline_at, Run.id)).unique().all()
    passed = availability.passed_at_opening(session, found)
    return [
        run
        for run in found
        if run.step_runs and 2 <= len(passed.get(run.id, ())) < len(run.step_runs[0].chain) - 1
    ]


def _first_two(version: ProcessVersion) -> set[str]:
    return {level.person_id for level in version.chain[:2] if level.person_id}
