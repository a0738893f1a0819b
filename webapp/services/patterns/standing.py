"""The patterns that stand now, as somebody may see them; noting one keeps it quiet."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import Location, Pattern, Person, Process, ProcessVersion, Step
from webapp.problems import Problem
from webapp.rules.patterns import KINDS, Scope
from webapp.services import record
from webapp.services.patterns import gathering


def current(session: Session, org_id: str, person: Person | None = None) -> list[Pattern]:
    """Return what stands, the worst first, what was noted last; only what `person` may see."""
    query = select(Pattern).where(Pattern.org_id == org_id, Pattern.gone_at.is_(None))
    rows = [row for row in session.scalars(query).unique() if person is None or _sees(person, row)]
    return sorted(rows, key=_worst_first)


def new_for(session: Session, person: Person) -> list[Pattern]:
    """Return what stands and nobody has noted, as this person may see it."""
    return [row for row in current(session, person.org_id, person) if not row.is_quiet]


def of_process(session: Session, person: Person, process_id: str) -> list[Pattern]:
    """Return what stands of one process, as this person may see it."""
    return [row for row in current(session, person.org_id, person) if row.process_id == process_id]


def find(session: Session, person: Person, pattern_id: str) -> Pattern:
    """Return a pattern that stands and that this person may see, or raise not_found."""
    row = session.get(Pattern, pattern_id)
    gone = row is None or row.gone_at is not None or row.org_id != person.org_id
    if row is None or gone or not _sees(person, row):
        raise Problem("not_found")
    return row


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
    """Owners see all; managers what belongs to one of their locations."""
    if person.role == "owner":
        return True
    places = {place.id for place in person.locations}
    return person.role == "manager" and row.location_id in places


def _worst_first(row: Pattern) -> tuple[bool, int, float, str]:
    return (row.is_quiet, KINDS.index(row.kind), row.chance, row.id)
