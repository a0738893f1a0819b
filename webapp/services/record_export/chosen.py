"""Which events belong to a part of the record: worked out from what they are about."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.models import Blob, Event, Proof, Run, StepRun
from webapp.rules import record as rules
from webapp.services.blobs import KEPT
from webapp.services.record_export.asked import Part
from webapp.services.record_heads import PUBLISHED

ERASED = "record.erased"
AT_ONCE = 500

Range = tuple[int, int]


def ranges(session: Session, part: Part, until: int) -> list[Range]:
    """Return the numbers of the events up to `until` that belong to the part, as ranges."""
    if part.is_all:
        return [(1, until)]
    query = select(Event.seq).where(Event.org_id == part.org_id, Event.seq <= until, _belongs(part))
    found = session.scalars(query.order_by(Event.seq).execution_options(yield_per=AT_ONCE))
    return list(in_ranges(found))


def in_ranges(numbers: Iterable[int]) -> Iterator[Range]:
    """Join ascending numbers into ranges, both ends included."""
    first = last = 0
    for number in numbers:
        if number != last + 1:
            if last:
                yield first, last
            first = number
        last = number
    if last:
        yield first, last


def runs_of(part: Part) -> list[ColumnElement[bool]]:
    """Return what narrows runs to the part: due days are the location's own."""
    narrowed = [Run.org_id == part.org_id]
    if part.since:
        narrowed.append(Run.occurrence >= part.since.isoformat())
    if part.until and part.until < date.max:
        narrowed.append(Run.occurrence < (part.until + timedelta(days=1)).isoformat())
    if part.process:
        narrowed.append(Run.process_id == part.process.id)
    if part.location:
        narrowed.append(Run.location_id == part.location.id)
    return narrowed


def steps_of(part: Part) -> Select[str]:
    """Return the query for the ids of the step runs of the part."""
    query = select(StepRun.id).join(Run, Run.id == StepRun.run_id).where(*runs_of(part))
    return query.where(StepRun.step_key.in_(part.step_keys)) if part.step else query


def blobs_of(part: Part) -> Select[str | None]:
    """Return the query for the hashes of the bytes that proved steps of the part."""
    given = select(Proof.blob_sha256).where(
        Proof.org_id == part.org_id, Proof.blob_sha256.is_not(None)
    )
    return given if part.is_all else given.where(Proof.step_run_id.in_(steps_of(part)))


def unbound(session: Session, part: Part) -> list[Blob]:
    """Return the bytes of the part that no event binds yet: they came before events did that."""
    bound = exists().where(
        Event.org_id == Blob.org_id, Event.subject == Blob.sha256, Event.kind == KEPT
    )
    query = select(Blob).where(
        Blob.org_id == part.org_id,
        Blob.completed_at.is_not(None),
        Blob.stored_sha256.is_not(None),
        Blob.erased_at.is_(None),
        Blob.sha256.in_(blobs_of(part)),
        ~bound,
    )
    return list(session.scalars(query))


def _belongs(part: Part) -> ColumnElement[bool]:
    """Heads and erasings come along always: they hold nothing private."""
    about = [steps_of(part), _commands(part)]
    if not part.step:
        about.append(select(Run.id).where(*runs_of(part)))
    subjects: list[ColumnElement[bool]] = [Event.subject.in_(union_all(*about))]
    subjects.append(and_(Event.kind == KEPT, Event.subject.in_(blobs_of(part))))
    if part.process and not part.step and not part.location:
        subjects.append(Event.subject == part.process.id)
    if part.location and not part.step:
        subjects.append(Event.subject == part.location.id)
    always = and_(Event.subject == part.org_id, Event.kind.in_((PUBLISHED, ERASED)))
    return or_(always, *subjects)


def _commands(part: Part) -> Select[str]:
    """What was held or refused of these steps is told under the command's id."""
    return select(Proof.command_id).where(
        Proof.org_id == part.org_id, Proof.step_run_id.in_(steps_of(part))
    )


def rows(session: Session, org_id: str, chosen: Iterable[Range]) -> Iterator[rules.Event]:
    """Yield the events of the ranges in their order, few in memory at a time."""
    for condition in _conditions(chosen):
        query = select(*_COLUMNS).where(Event.org_id == org_id, condition).order_by(Event.seq)
        for row in session.execute(query, execution_options={"yield_per": AT_ONCE}):
            yield rules.Event(*row)


# In the order of `rules.record.Event`.
_COLUMNS = (
    Event.org_id,
    Event.seq,
    Event.at,
    Event.kind,
    Event.actor,
    Event.subject,
    Event.payload,
    Event.salt,
    Event.payload_hash,
    Event.prev_hash,
    Event.hash,
)


def _conditions(chosen: Iterable[Range]) -> Iterator[ColumnElement[bool]]:
    """Long ranges one by one, short ones together: never a question for each event."""
    waiting: list[int] = []
    for first, last in chosen:
        if last - first < AT_ONCE and len(waiting) + last - first < AT_ONCE:
            waiting += range(first, last + 1)
            continue
        if waiting:
            yield Event.seq.in_(waiting)
            waiting = []
        yield Event.seq.between(first, last)
    if waiting:
        yield Event.seq.in_(waiting)
