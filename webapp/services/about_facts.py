"""The facts that are held about one person, kind by kind: how many there are, and what they say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import CompoundSelect, Result, Select, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from webapp.models import (
    Absence,
    Device,
    Event,
    FixNote,
    Handoff,
    Location,
    Person,
    Process,
    Proof,
    PushSubscription,
    Review,
    Run,
    Signal,
    StepRun,
)
from webapp.rules.device_names import called

Fact = dict[str, Any]
Column = InstrumentedAttribute[Any]
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact: its rows, to count them, and its facts; newest first, as many as asked."""

    rows: Callable[[Person, int], Select[Any] | CompoundSelect[Any]]
    facts: Callable[[Session, Person, int | None], Iterator[Fact]]

    def count(self, session: Session, person: Person, most: int) -> int:
        """Return how many there are, counted up to `most`."""
        rows = self.rows(person, most).subquery()
        return min(session.scalar(select(func.count()).select_from(rows)) or 0, most)


def _newest(whose: Column, at: Column) -> Callable[[Person, int], Select[Any]]:
    """The rows of a table that name the person in this column, by when they were."""
    return lambda person, most: select(at).where(whose == person.id).order_by(at.desc()).limit(most)


def _devices(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    query = select(Device).where(Device.person_id == person.id).order_by(Device.last_seen_at.desc())
    pushed = select(PushSubscription.device_id).where(PushSubscription.person_id == person.id)
    with_push = set(session.scalars(pushed))
    for device in session.scalars(query.limit(most)):
        yield {
            "at": device.last_seen_at,
            "name": called(person.name, device.id, device.kind, device.name),
            "since": device.created_at,
            "takes_messages": device.id in with_push,
        }


def _absences(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    query = select(Absence).where(Absence.person_id == person.id).order_by(Absence.first_day.desc())
    for absence in session.scalars(query.limit(most)):
        yield {
            "at": absence.created_at,
            "first_day": absence.first_day,
            "last_day": absence.last_day,
            "reason": absence.reason,
            "said_by": absence.created_by.name,
        }


def _proofs(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    columns = (Proof.captured_at, Proof.kind, Proof.state, Proof.content, Proof.blob_sha256)
    query = _at_work(select(*columns), Proof.step_run_id).where(Proof.person_id == person.id)
    rows = _rows(session, query.order_by(Proof.captured_at.desc()), most)
    for at, kind, state, content, sha256, *where in rows:
        fact = {"at": at, "kind": kind, "state": state, "content": content, "sha256": sha256}
        yield fact | _where(where)


def _handed(person: Person, most: int | None) -> CompoundSelect[Any]:
    """The newest of those given and of those taken, each by its own index."""
    sides = [select(Handoff.id).where(end == person.id) for end in (Handoff.from_id, Handoff.to_id)]
    newest = [each.order_by(Handoff.at.desc()).limit(most).subquery() for each in sides]
    return union(*(select(each.c.id) for each in newest))


def _handoffs(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    # Few are asked for by their ids: to plan for all that is joined takes longer than to read it.
    wanted = session.scalars(_handed(person, most)).all() if most else _handed(person, None)
    before, after = aliased(Person), aliased(Person)
    columns = (Handoff.at, before.name, after.name, Handoff.reason, Handoff.words)
    query = (
        _at_work(select(*columns), Handoff.step_run_id)
        .join(before, before.id == Handoff.from_id)
        .join(after, after.id == Handoff.to_id)
        .where(Handoff.id.in_(wanted))
        .order_by(Handoff.at.desc())
    )
    for at, gave, took, reason, words, *where in _rows(session, query, most):
        fact = {"at": at, "from": gave, "to": took, "reason": reason, "words": words}
        yield fact | _where(where)


def _reviews(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    columns = (Review.at, Review.decision, Review.reason)
    query = _at_work(select(*columns), Review.step_run_id).where(Review.reviewer_id == person.id)
    rows = _rows(session, query.order_by(Review.at.desc()), most)
    for at, decision, reason, *where in rows:
        yield {"at": at, "decision": decision, "reason": reason} | _where(where)


def _notes(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    query = _at_work(select(FixNote.at, FixNote.text), FixNote.step_run_id)
    query = query.where(FixNote.person_id == person.id).order_by(FixNote.at.desc())
    for at, text, *where in _rows(session, query, most):
        yield {"at": at, "text": text} | _where(where)


def _signals(session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    query = select(Signal).where(Signal.person_id == person.id)
    query = query.order_by(Signal.noticed_at.desc(), Signal.id)
    for signal in session.scalars(query.limit(most)):
        yield {
            "at": signal.noticed_at,
            "kind": signal.kind,
            "process": signal.process.name,
            "location": signal.location.name,
            "says": signal.facts,
            "gone_at": signal.gone_at,
            "explanation": signal.explanation,
        }


def _events(whose: Column, session: Session, person: Person, most: int | None) -> Iterator[Fact]:
    query = select(Event.at, Event.seq, Event.kind, Event.payload).where(whose == person.id)
    for at, seq, kind, payload in _rows(session, query.order_by(Event.seq.desc()), most):
        yield {"at": at, "event": seq, "kind": kind, "says": payload}


def _rows(
    session: Session, query: Select[*tuple[Any, ...]], most: int | None
) -> Result[*tuple[Any, ...]]:
    """All of them come a few hundred at a time, or the memory would have to hold years."""
    options = {} if most else {"yield_per": AT_ONCE}
    return session.execute(query.limit(most), execution_options=options)


def _at_work(query: Select[*tuple[Any, ...]], step_run_id: Any) -> Select[*tuple[Any, ...]]:
    """With the step, process, location and zone that something belongs to, at the end."""
    names = (StepRun.title, Process.name, Location.name, Location.time_zone)
    return (
        query.add_columns(*names)
        .join(StepRun, StepRun.id == step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
    )


def _where(names: Sequence[str]) -> Fact:
    return dict(zip(("step", "process", "location", "time_zone"), names, strict=True))


KINDS = {
    "devices": Kind(_newest(Device.person_id, Device.last_seen_at), _devices),
    "absences": Kind(_newest(Absence.person_id, Absence.first_day), _absences),
    "proofs": Kind(_newest(Proof.person_id, Proof.captured_at), _proofs),
    "handoffs": Kind(_handed, _handoffs),
    "reviews": Kind(_newest(Review.reviewer_id, Review.at), _reviews),
    "fix_notes": Kind(_newest(FixNote.person_id, FixNote.at), _notes),
    "signals": Kind(_newest(Signal.person_id, Signal.noticed_at), _signals),
    "record_about": Kind(_newest(Event.subject, Event.seq), partial(_events, Event.subject)),
    "record_acted": Kind(_newest(Event.actor, Event.seq), partial(_events, Event.actor)),
}
