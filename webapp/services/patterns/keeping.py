"""Keeping what a look found: what is new, what goes on, what got worse, what has gone."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Pattern
from webapp.rules.patterns import KEEP, LEVEL, Found, is_worse, one_in
from webapp.services import record

COPIED = ("times", "of", "chance", "facts")


def keep(
    session: Session,
    org_id: str,
    process_id: str | None,
    found: Iterable[Found],
    now: datetime,
) -> None:
    """Bring the current patterns of a process, or of the devices, to what was found."""
    known = {each.subject: each for each in _current(session, org_id, process_id)}
    for each in found:
        row = known.get(each.subject)
        if each.is_over or each.chance > (KEEP if row else LEVEL):
            continue
        if row is None:
            _appears(session, org_id, each, now)
        else:
            _goes_on(session, known.pop(each.subject), each, now)
    for gone in known.values():
        _goes(session, gone, now)


def let_go(session: Session, org_id: str, process_id: str, now: datetime) -> None:
    """Let everything go that was found in a process which is retired by now."""
    keep(session, org_id, process_id, (), now)


def _current(session: Session, org_id: str, process_id: str | None) -> list[Pattern]:
    query = select(Pattern).where(Pattern.org_id == org_id, Pattern.gone_at.is_(None))
    return list(session.scalars(query.where(Pattern.process_id == process_id)).unique())


def _appears(session: Session, org_id: str, found: Found, now: datetime) -> None:
    row = Pattern(
        org_id=org_id,
        subject=found.subject,
        kind=found.kind,
        process_id=found.process or None,
        location_id=found.place or None,
        person_id=found.person or None,
        first_seen_at=now,
    )
    session.add(row)
    _says(row, found, now)
    session.flush()
    _note(session, row, "pattern.appeared", now)


def _goes_on(session: Session, row: Pattern, found: Found, now: datetime) -> None:
    noted = (row.noted_times or 0, row.noted_of or 0)
    was_quiet = row.is_quiet
    _says(row, found, now)
    if was_quiet and is_worse(found.times, found.of, *noted):
        row.got_worse_at = now
        _note(session, row, "pattern.got_worse", now)


def _goes(session: Session, row: Pattern, now: datetime) -> None:
    row.gone_at = now
    _note(session, row, "pattern.gone", now)


def _says(row: Pattern, found: Found, now: datetime) -> None:
    said = asdict(found)
    for name in COPIED:
        setattr(row, name, said[name])
    row.runs = list(found.runs)
    row.last_seen_at = now


def _note(session: Session, row: Pattern, kind: str, now: datetime) -> None:
    payload: dict[str, Any] = {
        "kind": row.kind,
        "process": row.process_id,
        "location": row.location_id,
        "person": row.person_id,
        "times": row.times,
        "of": row.of,
        "one_month_in": one_in(row.chance) if row.chance else None,
    }
    record.note(session, row.org_id, now, kind, record.SYSTEM, row.id, payload)
