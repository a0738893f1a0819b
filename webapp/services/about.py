"""What is held about one person, all of it: for them, and for the owner who answers for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import Session, aliased

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
from webapp.services import extra_channels

Fact = dict[str, Any]
# The page shows the newest of each; the download has them all.
NEWEST = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of what is held: how many there are, and as many as were asked for, newest first."""

    kind: str
    count: int
    facts: list[Fact]


def profile(person: Person) -> Fact:
    """Return what is held of the person as such; of a password and a PIN only whether there is one.

    An extra address may hold a secret, and is told in part.
    """
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "locations": [place.name for place in person.locations],
        "language": person.language,
        "since": person.created_at,
        "left_at": person.deactivated_at,
        "has_password": person.password_hash is not None,
        "has_pin": person.pin_hash is not None,
        "also_told": extra_channels.shown(person),
    }


def parts(session: Session, person: Person, most: int | None = NEWEST) -> list[Part]:
    """Return every kind of what is held; without `most` all of each."""
    return [
        Part(kind, count(session, person), facts(session, person, most))
        for kind, (count, facts) in _KINDS.items()
    ]


def _counted(
    model: type[Any], condition: Callable[[Person], ColumnElement[bool]]
) -> Callable[[Session, Person], int]:
    def count(session: Session, person: Person) -> int:
        query = select(func.count()).select_from(model).where(condition(person))
        return session.scalar(query) or 0

    return count


def _devices(session: Session, person: Person, most: int | None) -> list[Fact]:
    query = select(Device).where(_of_devices(person)).order_by(Device.last_seen_at.desc())
    pushed = select(PushSubscription.device_id).where(PushSubscription.person_id == person.id)
    with_push = set(session.scalars(pushed))
    return [
        {
            "at": device.last_seen_at,
            "name": called(person.name, device.id, device.kind, device.name),
            "since": device.created_at,
            "takes_messages": device.id in with_push,
        }
        for device in session.scalars(query.limit(most))
    ]


def _absences(session: Session, person: Person, most: int | None) -> list[Fact]:
    query = select(Absence).where(_of_absences(person)).order_by(Absence.first_day.desc())
    return [
        {
            "at": absence.created_at,
            "first_day": absence.first_day,
            "last_day": absence.last_day,
            "reason": absence.reason,
            "said_by": absence.created_by.name,
        }
        for absence in session.scalars(query.limit(most))
    ]


def _proofs(session: Session, person: Person, most: int | None) -> list[Fact]:
    columns = (Proof.captured_at, Proof.kind, Proof.state, Proof.content, Proof.blob_sha256)
    query = _at_work(select(*columns), Proof.step_run_id).where(_of_proofs(person))
    rows = session.execute(query.order_by(Proof.captured_at.desc()).limit(most))
    return [
        {"at": at, "kind": kind, "state": state, "content": content, "sha256": sha256}
        | _where(where)
        for at, kind, state, content, sha256, *where in rows
    ]


def _handoffs(session: Session, person: Person, most: int | None) -> list[Fact]:
    before, after = aliased(Person), aliased(Person)
    columns = (Handoff.at, before.name, after.name, Handoff.reason, Handoff.words)
    # The newest of those given and of those taken, each by its own index.
    sides = [select(Handoff.id).where(end == person.id) for end in (Handoff.from_id, Handoff.to_id)]
    newest = [each.order_by(Handoff.at.desc()).limit(most).subquery() for each in sides]
    ids = union(*(select(each.c.id) for each in newest))
    query = (
        _at_work(select(*columns), Handoff.step_run_id)
        .join(before, before.id == Handoff.from_id)
        .join(after, after.id == Handoff.to_id)
        .where(Handoff.id.in_(ids))
        .order_by(Handoff.at.desc())
    )
    return [
        {"at": at, "from": gave, "to": took, "reason": reason, "words": words} | _where(where)
        for at, gave, took, reason, words, *where in session.execute(query.limit(most))
    ]


def _reviews(session: Session, person: Person, most: int | None) -> list[Fact]:
    columns = (Review.at, Review.decision, Review.reason)
    query = _at_work(select(*columns), Review.step_run_id).where(_of_reviews(person))
    rows = session.execute(query.order_by(Review.at.desc()).limit(most))
    return [
        {"at": at, "decision": decision, "reason": reason} | _where(where)
        for at, decision, reason, *where in rows
    ]


def _notes(session: Session, person: Person, most: int | None) -> list[Fact]:
    query = _at_work(select(FixNote.at, FixNote.text), FixNote.step_run_id)
    rows = session.execute(query.where(_of_notes(person)).order_by(FixNote.at.desc()).limit(most))
    return [{"at": at, "text": text} | _where(where) for at, text, *where in rows]


def _signals(session: Session, person: Person, most: int | None) -> list[Fact]:
    query = select(Signal).where(_of_signals(person)).order_by(Signal.noticed_at.desc(), Signal.id)
    return [
        {
            "at": signal.noticed_at,
            "kind": signal.kind,
            "process": signal.process.name,
            "location": signal.location.name,
            "says": signal.facts,
            "gone_at": signal.gone_at,
            "explanation": signal.explanation,
        }
        for signal in session.scalars(query.limit(most))
    ]


def _acted(session: Session, person: Person, most: int | None) -> list[Fact]:
    return _events(session, _of_acted(person), most)


def _told_of(session: Session, person: Person, most: int | None) -> list[Fact]:
    return _events(session, _of_told(person), most)


def _events(session: Session, which: ColumnElement[bool], most: int | None) -> list[Fact]:
    columns = (Event.at, Event.seq, Event.kind, Event.payload)
    rows = session.execute(select(*columns).where(which).order_by(Event.seq.desc()).limit(most))
    return [
        {"at": at, "event": seq, "kind": kind, "says": payload} for at, seq, kind, payload in rows
    ]


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


def _of_devices(person: Person) -> ColumnElement[bool]:
    return Device.person_id == person.id


def _of_absences(person: Person) -> ColumnElement[bool]:
    return Absence.person_id == person.id


def _of_proofs(person: Person) -> ColumnElement[bool]:
    return Proof.person_id == person.id


def _of_handoffs(person: Person) -> ColumnElement[bool]:
    return or_(Handoff.from_id == person.id, Handoff.to_id == person.id)


def _of_reviews(person: Person) -> ColumnElement[bool]:
    return Review.reviewer_id == person.id


def _of_notes(person: Person) -> ColumnElement[bool]:
    return FixNote.person_id == person.id


def _of_signals(person: Person) -> ColumnElement[bool]:
    return Signal.person_id == person.id


def _of_acted(person: Person) -> ColumnElement[bool]:
    return Event.actor == person.id


def _of_told(person: Person) -> ColumnElement[bool]:
    return Event.subject == person.id


_KINDS: dict[
    str,
    tuple[Callable[[Session, Person], int], Callable[[Session, Person, int | None], list[Fact]]],
] = {
    "devices": (_counted(Device, _of_devices), _devices),
    "absences": (_counted(Absence, _of_absences), _absences),
    "proofs": (_counted(Proof, _of_proofs), _proofs),
    "handoffs": (_counted(Handoff, _of_handoffs), _handoffs),
    "reviews": (_counted(Review, _of_reviews), _reviews),
    "fix_notes": (_counted(FixNote, _of_notes), _notes),
    "signals": (_counted(Signal, _of_signals), _signals),
    "record_about": (_counted(Event, _of_told), _told_of),
    "record_acted": (_counted(Event, _of_acted), _acted),
}
