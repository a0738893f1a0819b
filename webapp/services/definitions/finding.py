"""Finding what is defined: processes, their versions, and the names of whom they mention."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from webapp.models import Location, Person, Process, ProcessVersion
from webapp.problems import Problem
from webapp.rules.sentences import N_


def current_version(process: Process) -> ProcessVersion:
    """The version that new runs of the process follow."""
    session = object_session(process)
    if session is None:
        raise ValueError(N_("the process belongs to no session"))
    query = select(ProcessVersion.id).where(
        ProcessVersion.process_id == process.id,
        ProcessVersion.number == process.version_number,
    )
    # By its id, since one that was read already is not read again with all its parts.
    return session.get_one(ProcessVersion, session.scalars(query).one())


def current_versions(session: Session, processes: Sequence[Process]) -> list[ProcessVersion]:
    """The versions that new runs of these processes follow, in their order, read together."""
    is_current = (ProcessVersion.process_id == Process.id) & (
        ProcessVersion.number == Process.version_number
    )
    ids = [process.id for process in processes]
    query = select(ProcessVersion).join(Process, is_current).where(Process.id.in_(ids))
    found = {version.process_id: version for version in session.scalars(query).unique()}
    return [found[each] for each in ids]


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


def names_of(session: Session, org_id: str) -> dict[str, str]:
    """Words for the ids of the organisation's people and locations."""
    people = session.execute(select(Person.id, Person.name).where(Person.org_id == org_id))
    places = session.execute(select(Location.id, Location.name).where(Location.org_id == org_id))
    return {row.id: row.name for row in (*people, *places)}
