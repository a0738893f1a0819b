"""Signals as rows: noticed on a night, current until they are gone, explained by their person.

Only the evidence is looked at, by rules/signals. A person who cannot sign in could not read what
is said of them, so nothing is kept of them by name: their place's signal is all there is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.models import EngineState, Person, Process, Proof, Signal, StepRun
from webapp.problems import CATALOGUE, Problem
from webapp.rules.signals import Found
from webapp.services import reach, record

RECENT, HISTORY = timedelta(days=28), timedelta(days=90)
EVERY = timedelta(days=1)
# What stands at the edge would come and go each night: it is gone when it was for so long.
LINGERS = timedelta(days=3)
LONGEST_EXPLANATION = 1000
MISSING, TOO_LONG = (CATALOGUE[each][1] for each in ("explanation_missing", "explanation_too_long"))


def of_process(session: Session, process: Process, person: Person) -> list[Signal]:
    """Return the current signals of a process that this person may read, places first.

    Managers read those of their places; what is of people by name is for owners alone.
    """
    found = session.scalars(
        select(Signal)
        .where(Signal.process_id == process.id, Signal.gone_at.is_(None))
        .order_by(Signal.person_id.is_not(None), Signal.noticed_at, Signal.id)
    ).all()
    mine = (each for each in found if reach.manages(person, each.location))
    return [each for each in mine if each.person_id is None or person.role == "owner"]


def of_person(session: Session, person_id: str, now: datetime) -> list[Signal]:
    """Return what is noticed about a person, the newest first; what is gone stays for 90 days."""
    mine = select(Signal).where(
        Signal.person_id == person_id,
        Signal.gone_at.is_(None) | (Signal.gone_at > now - HISTORY),
    )
    newest = mine.order_by(Signal.gone_at.is_not(None), Signal.noticed_at.desc(), Signal.id)
    return list(session.scalars(newest))


def concern(session: Session, step_run: StepRun, proof: Proof) -> bool:
    """Whether a signal is current of this step there, or of its process and this proof's person."""
    run = step_run.run
    of_step = Signal.person_id.is_(None) & (
        Signal.step_key.is_(None) | (Signal.step_key == step_run.step_key)
    )
    query = exists().where(
        Signal.process_id == run.process_id,
        Signal.location_id == run.location_id,
        Signal.gone_at.is_(None),
        of_step | (Signal.person_id == proof.person_id),
    )
    return bool(session.scalar(select(query)))


def explain(session: Session, person: Person, signal_id: str, text: str, now: datetime) -> Signal:
    """Keep what a person says about a signal of their own work; saying it anew replaces it.

    Raises "not_found", "explanation_missing" or "explanation_too_long".
    """
    signal = session.get(Signal, signal_id)
    if signal is None or signal.person_id != person.id:
        raise Problem("not_found")
    said = " ".join(text.split())
    if not said:
        raise Problem("explanation_missing", fields={"explanation": MISSING})
    if len(said) > LONGEST_EXPLANATION:
        raise Problem("explanation_too_long", fields={"explanation": TOO_LONG})
    signal.explanation, signal.explained_at = said, now
    payload = facts_of(signal) | {"explanation": said}
    record.note(session, signal.org_id, now, "signal.explained", person.id, signal.id, payload)
    return signal


def next_process(session: Session, state: EngineState, now: datetime) -> str | None:
    """Return the process to look through next on this night; None until the next night."""
    if state.next_signals_at is not None and now < state.next_signals_at:
        return None
    after = state.signals_after or ""
    following = select(Process.id).where(Process.id > after, Process.retired_at.is_(None))
    state.signals_after = session.scalars(following.order_by(Process.id).limit(1)).first()
    if state.signals_after is None:
        state.next_signals_at = now + EVERY
    return state.signals_after


def keep(session: Session, process: Process, found: Sequence[Found], now: datetime) -> None:
    """Bring the rows of a process up to date with what was found on this night."""
    rows = session.scalars(
        select(Signal).where(Signal.process_id == process.id, Signal.gone_at.is_(None))
    ).all()
    before = {_key_of(row): row for row in rows}
    readers = _who_can_read(session, found)
    for each in found:
        if each.person is None or each.person in readers:
            _keep_one(session, process, each, before.pop(_key(each), None), now)
    for row in before.values():
        if now - row.seen_until >= LINGERS:
            _let_go(session, row, now)


def facts_of(signal: Signal) -> dict[str, Any]:
    """Return what the record keeps of a signal."""
    return {
        "kind": signal.kind,
        "process": signal.process_id,
        "location": signal.location_id,
        "step": signal.step_key,
        "person": signal.person_id,
        "from": signal.seen_from,
        "until": signal.seen_until,
        "facts": signal.facts,
    }


def _who_can_read(session: Session, found: Iterable[Found]) -> set[str]:
    """Those who can sign in and read what is said of them."""
    concerned = {each.person for each in found if each.person}
    can = select(Person.id).where(
        Person.id.in_(concerned), Person.password_hash.is_not(None), Person.deactivated_at.is_(None)
    )
    return set(session.scalars(can)) if concerned else set()


def _keep_one(
    session: Session, process: Process, found: Found, row: Signal | None, now: datetime
) -> None:
    if row is not None:
        row.facts, row.seen_from, row.seen_until = found.facts, now - RECENT, now
        return
    row = Signal(
        org_id=process.org_id,
        process_id=process.id,
        location_id=found.place,
        step_key=found.step,
        person_id=found.person,
        kind=found.kind,
        facts=found.facts,
        noticed_at=now,
        seen_from=now - RECENT,
        seen_until=now,
    )
    session.add(row)
    session.flush()
    payload = facts_of(row)
    record.note(session, row.org_id, now, "signal.noticed", record.SYSTEM, row.id, payload)


def _let_go(session: Session, row: Signal, now: datetime) -> None:
    row.gone_at = now
    record.note(session, row.org_id, now, "signal.gone", record.SYSTEM, row.id, facts_of(row))


def _key(found: Found) -> tuple[str | None, ...]:
    return found.kind, found.place, found.step, found.person


def _key_of(row: Signal) -> tuple[str | None, ...]:
    return row.kind, row.location_id, row.step_key, row.person_id
