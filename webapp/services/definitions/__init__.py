"""Defining processes: save a version, retire, and find what is defined."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from webapp.models import Location, Person, Process, ProcessVersion
from webapp.problems import Problem
from webapp.rules.sentences import N_, say
from webapp.services import planning, reach, record
from webapp.services.definitions import check, fit, reference_pictures
from webapp.services.definitions.check import places_of, starts_on
from webapp.services.definitions.draft import (
    DEFAULT_WAITS,
    DraftLevel,
    DraftPicture,
    DraftStep,
    ProcessDraft,
    draft_of,
    rule_of,
)
from webapp.services.definitions.fit import works_elsewhere
from webapp.services.definitions.rows import add_version, settled
from webapp.services.definitions.words import differences

__all__ = [
    "DEFAULT_WAITS",
    "DraftLevel",
    "DraftPicture",
    "DraftStep",
    "ProcessDraft",
    "changes_since",
    "current_version",
    "draft_of",
    "faults",
    "find",
    "processes",
    "retire",
    "rule_of",
    "save",
    "works_elsewhere",
]


def save(
    session: Session,
    actor_id: str,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
) -> Process:
    """Store the draft as a new process, or as the next version of `process`.

    A draft that changes nothing leaves the version as it is and the record untouched. Saving a
    retired process takes it up again. Problem "process_not_valid" lists every fault by field;
    "not_allowed" names a location, of the draft or of the version before, that the actor does
    not manage.
    """
    _hold(session, process)
    if wrong := faults(session, org_id, draft, now, process):
        raise Problem("process_not_valid", fields=wrong)
    current = current_version(process) if process else None
    before = draft_of(current) if current else None
    places = places_of(session, org_id, draft.locations)
    touched = [*places.values(), *(current.locations if current else [])]
    reach.check_actor(session, actor_id, touched)
    after = settled(draft, places, before)
    if process and before == after and not process.retired_at:
        return process
    start = starts_on(after.rrule, places[draft.locations[0]], now, current)
    saved = _named(session, process, org_id, after.name, now)
    add_version(session, saved, after, start, actor_id, now)
    changes = changes_since(session, saved, before) or ["Taken up again"]
    _note(session, actor_id, saved, "process.saved", now, changes=changes, **_shown(after))
    planning.replan_process(session, saved, now)
    return saved


def faults(
    session: Session,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
) -> dict[str, str]:
    """What `save` would refuse, by field; for those who have faults of their own to add."""
    current = current_version(process) if process else None
    places = places_of(session, org_id, draft.locations)
    found = check.faults(session, org_id, draft, now, current)
    found |= reference_pictures.faults(session, org_id, draft)
    is_unclear = not found.keys().isdisjoint(("cadence", "opens_days_before"))
    return found if is_unclear else fit.faults(draft, places, now, current) | found


def retire(session: Session, actor_id: str, process: Process, now: datetime) -> None:
    """Stop making runs of the process; its versions, runs and proofs stay.

    Raises "not_allowed" when the actor does not manage every location of it.
    """
    _hold(session, process)
    reach.check_actor(session, actor_id, current_version(process).locations)
    if process.retired_at:
        return
    process.retired_at = now
    _note(session, actor_id, process, "process.retired", now)
    planning.replan_process(session, process, now)


def current_version(process: Process) -> ProcessVersion:
    """The version that new runs of the process follow."""
    session = object_session(process)
    if session is None:
        raise ValueError(N_("the process belongs to no session"))
    return session.scalars(
        select(ProcessVersion).where(
            ProcessVersion.process_id == process.id,
            ProcessVersion.number == process.version_number,
        )
    ).one()


def changes_since(session: Session, process: Process, before: ProcessDraft | None) -> list[str]:
    """What the current version changes against an earlier draft of it, in words."""
    after = draft_of(current_version(process))
    return differences(before, after, _names(session, process.org_id))


def processes(session: Session, org_id: str, *, retired: bool = False) -> list[Process]:
    """The organisation's processes in use, or its retired ones, by name."""
    state = Process.retired_at.is_not(None) if retired else Process.retired_at.is_(None)
    return list(
        session.scalars(
            select(Process).where(Process.org_id == org_id, state).order_by(Process.name)
        )
    )


def find(session: Session, org_id: str, process_id: str) -> Process:
    """The organisation's process of that id; Problem "not_found" for any other."""
    process = session.get(Process, process_id)
    if process is None or process.org_id != org_id:
        raise Problem("not_found")
    return process


def _hold(session: Session, process: Process | None) -> None:
    """Lock the process, so that two people saving at once make two versions, one by one."""
    if process is not None:
        session.refresh(process, with_for_update=True)


def _named(
    session: Session, process: Process | None, org_id: str, name: str, now: datetime
) -> Process:
    process = process or Process(org_id=org_id, version_number=0, created_at=now)
    process.name = name
    process.retired_at = None
    process.version_number += 1
    session.add(process)
    try:
        session.flush()
    except IntegrityError as error:  # somebody took the name a moment ago
        words = say(
            "There is a process called “%(taken)s” already. Choose another name.", taken=name
        )
        raise Problem("process_not_valid", fields={"name": words}) from error
    return process


def _names(session: Session, org_id: str) -> dict[str, str]:
    people = session.execute(select(Person.id, Person.name).where(Person.org_id == org_id))
    places = session.execute(select(Location.id, Location.name).where(Location.org_id == org_id))
    return {row.id: row.name for row in (*people, *places)}


def _shown(draft: ProcessDraft) -> dict[str, Any]:
    """The reference pictures by the key of their step; nothing where there are none."""
    shown = {str(step.key): step.picture.sha256 for step in draft.steps if step.picture}
    return {"pictures": shown} if shown else {}


def _note(
    session: Session, actor_id: str, process: Process, kind: str, now: datetime, **more: Any
) -> None:
    payload = {"name": process.name, "version": process.version_number} | more
    record.note(session, process.org_id, now, kind, actor_id, process.id, payload)
