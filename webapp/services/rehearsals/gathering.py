"""Rehearsals of what is defined here: processes, drafts of them, and a whole organisation.

Everything is asked for once, however many processes and days there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Location, Process, ProcessVersion
from webapp.rules.course import Someone
from webapp.services import organisations, places, planning
from webapp.services.definitions.check import places_of
from webapp.services.definitions.draft import ProcessDraft, draft_of
from webapp.services.rehearsals.begun import BegunRuns, begun_runs, still_due
from webapp.services.rehearsals.people import everybody
from webapp.services.rehearsals.plain import (
    DAY,
    DAYS,
    Past,
    Rehearsal,
    check_days,
    hours_of,
    of_plain_draft,
)


def of_process(session: Session, process: Process, now: datetime, days: int = DAYS) -> Rehearsal:
    """Rehearse a process as it is now; a retired one is due no more."""
    version = planning.current_version(session, process)
    assert version is not None, "a process has a version"
    played = _scene(session, process.org_id, [process.id], now, days).version(version)
    return replace(played, runs=()) if process.retired_at else played


def of_organisation(
    session: Session, org_id: str, now: datetime, days: int = DAYS
) -> list[Rehearsal]:
    """Rehearse every process in use, by name."""
    query = (
        select(ProcessVersion)
        .join(Process, ProcessVersion.process_id == Process.id)
        .where(
            Process.org_id == org_id,
            Process.retired_at.is_(None),
            ProcessVersion.number == Process.version_number,
        )
        .order_by(Process.name)
    )
    versions = session.scalars(query).unique().all()
    scene = _scene(session, org_id, [each.process_id for each in versions], now, days)
    return [scene.version(version) for version in versions]


def of_draft(
    session: Session,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    days: int = DAYS,
    process: Process | None = None,
) -> Rehearsal:
    """Rehearse a draft before it is saved, as the next version of `process` where there is one.

    Raises what `of_plain_draft` raises.
    """
    located = places_of(session, org_id, draft.locations)
    scene = _scene(session, org_id, [process.id] if process else [], now, days)
    version = planning.current_version(session, process) if process else None
    return scene.play(draft, located, version)


def _scene(
    session: Session, org_id: str, process_ids: Sequence[str], now: datetime, days: int
) -> "_Scene":
    check_days(days)
    owner = organisations.owner_of(session, org_id)
    runs = begun_runs(session, process_ids, now)
    return _Scene(session, everybody(session, org_id, now), owner.id, runs, now, days)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What an organisation's rehearsals share."""

    session: Session
    people: Mapping[str, Someone]
    owner: str
    runs: BegunRuns
    now: datetime
    days: int

    def version(self, version: ProcessVersion) -> Rehearsal:
        """Rehearse a saved version."""
        located = {place.id: place for place in version.locations}
        return self.play(draft_of(version), located, version)

    def play(
        self,
        draft: ProcessDraft,
        located: Mapping[str, Location],
        version: ProcessVersion | None,
    ) -> Rehearsal:
        """Rehearse a draft; `located` are its places by what it names, `version` is before it."""
        plain = {key: places.present(place) for key, place in located.items()}
        past = self._past(version, located) if version else None
        return of_plain_draft(draft, self.people, plain, self.owner, self.now, self.days, past)

    def _past(self, version: ProcessVersion, located: Mapping[str, Location]) -> Past:
        here = {
            key: self.runs.get((version.process_id, place.id), []) for key, place in located.items()
        }
        until = self.now + self.days * DAY
        return Past(
            version,
            {key: [planning.planned_run(run) for run in runs] for key, runs in here.items()},
            {
                key: still_due(
                    self.session,
                    runs,
                    hours_of(places.present(located[key]), self.now, until),
                    self.now,
                    until,
                )
                for key, runs in here.items()
                if runs
            },
        )
