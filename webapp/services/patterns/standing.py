"""The patterns that stand now, as somebody may see them; noting one keeps it quiet."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import Location, Pattern, Person, Process, ProcessVersion, Run, Step
from webapp.problems import Problem
from webapp.rules.patterns import KINDS, Scope
from webapp.services import definitions, record
from webapp.services.patterns import gathering


def current(session: Session, org_id: str, person: Person | None = None) -> list[Pattern]:
    """Return what stands, the worst first, what was noted last; only what `person` may see."""
    query = select(Pattern).where(Pattern.org_id == org_id, Pattern.gone_at.is_(None))
    rows = [row for row in session.scalars(query).unique() if person is None or _sees(person, row)]
    return sorted(rows, key=_worst_first)


def new_for(session: Session, person: Person) -> list[Pattern]:
    """Return what stands and nobody has noted, of what is this person's to note."""
    rows = current(session, person.org_id, person)
    return [row for row in rows if not row.is_quiet and may_note(person, row)]


def of_process(session: Session, person: Person, process_id: str) -> list[Pattern]:
    """Return what stands of one process, as this person may see it."""
    return [row for row in current(session, person.org_id, person) if row.process_id == process_id]


def find(session: Session, person: Person, pattern_id: str) -> Pattern:
    """Return a pattern that stands and is this person's to note, or raise not_found."""
    row = session.get(Pattern, pattern_id)
    gone = row is None or row.gone_at is not None or row.org_id != person.org_id
    if row is None or gone or not may_note(person, row):
        raise Problem("not_found")
    return row


def may_note(person: Person, row: Pattern) -> bool:
    """Whether it is theirs to keep quiet: a manager's only where it is of one location alone."""
    return _sees(person, row) and (person.role == "owner" or row.location_id is not None)


def part_of(person: Person, row: Pattern) -> list[Location]:
    """Return which of a manager's locations a pattern of a whole process is about."""
    if person.role == "owner" or row.location_id is not None or row.process is None:
        return []
    own = {place.id for place in person.locations}
    version = definitions.current_version(row.process)
    return [place for place in version.locations if place.id in own]


def sees_run(person: Person, run: Run) -> bool:
    """Whether one of the runs that a pattern names is at a location of theirs."""
    return person.role == "owner" or run.location_id in {place.id for place in person.locations}


def note(session: Session, person: Person, pattern_id: str, now: datetime) -> Pattern:
    """Keep a pattern quiet until it gets worse or comes back; who noted it is in the record."""
    row = find(session, person, pattern_id)
    if row.is_quiet:
        return row
    row.noted_at, row.noted_by_id = now, person.id
    row.noted_times, row.noted_of = row.times, row.of
    payload = {"kind": row.kind, "times": row.times, "of": row.of}
    payload |= {"by": {"id": person.id, "name": person.name}}
    record.note(session, row.org_id, now, "pattern.noted", person.id, row.id, payload)
    return row


def watched(session: Session, org_id: str) -> Scope:
    """Return how much is looked at each night."""
    return gathering.scope(session, org_id)


def steps_watched(session: Session, person: Person) -> int:
    """Return how many steps are looked at where this person sees them, each counted once."""
    version = and_(
        ProcessVersion.process_id == Process.id, ProcessVersion.number == Process.version_number
    )
    query = (
        select(func.count(func.distinct(Step.id)))
        .join(ProcessVersion, ProcessVersion.id == Step.version_id)
        .join(Process, version)
        .where(Process.org_id == person.org_id, Process.retired_at.is_(None))
    )
    if person.role != "owner":
        places = [place.id for place in person.locations]
        query = query.where(ProcessVersion.locations.any(Location.id.in_(places)))
    return session.scalar(query) or 0


def _sees(person: Person, row: Pattern) -> bool:
    """Owners see all; managers what belongs to one of their locations, or to a process there."""
    if person.role != "manager":
        return person.role == "owner"
    places = {place.id for place in person.locations}
    return row.location_id in places or bool(part_of(person, row))


def _worst_first(row: Pattern) -> tuple[bool, int, float, str]:
    return (row.is_quiet, KINDS.index(row.kind), row.chance, row.id)
