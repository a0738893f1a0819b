"""The look of each night: an organisation's devices, then one process after another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import Location, Organisation, Process
from webapp.rules import patterns as rules
from webapp.rules.patterns import Found
from webapp.services import definitions, fix_outcomes, fragility
from webapp.services.patterns import gathering, keeping

# When nobody works: the nights of an organisation are those of its first location.
AT_NIGHT = time(3)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be looked at next: a process, or an organisation whose night begins."""

    process_id: str | None
    org_id: str


def next_due(session: Session, now: datetime) -> Due | None:
    """Return what is due, locked; processes first, since each night begins with making them so."""
    process = session.scalars(_due_process(now)).one_or_none()
    if process is not None:
        return Due(process.id, process.org_id)
    organisation = session.scalars(_due_organisation(now)).one_or_none()
    return Due(None, organisation.id) if organisation else None


def leave(session: Session, due: Due, now: datetime) -> None:
    """Leave it until the next night; noted first, so that what cannot be read stops no other."""
    if due.process_id is not None:
        session.get_one(Process, due.process_id).patterns_at = None
        return
    organisation = session.get_one(Organisation, due.org_id)
    organisation.patterns_at = _next_night(session, due.org_id, now)
    mine = update(Process).where(Process.org_id == due.org_id)
    session.execute(mine.values(patterns_at=now))


def look_at_all(session: Session, org_id: str, now: datetime) -> None:
    """Look at the devices and every process of an organisation at once."""
    keeping.keep(session, org_id, None, _shown_by_devices(session, org_id, now), now)
    for process in definitions.processes(session, org_id):
        look(session, process, now)


def look(session: Session, process: Process, now: datetime) -> None:
    """Look at a process's last runs: settle its fixes, and keep the patterns that it shows."""
    fix_outcomes.settle(session, process, now)
    keeping.keep(session, process.org_id, process.id, _shown_by(session, process, now), now)


def settle(session: Session, due: Due, now: datetime) -> None:
    """Write down which fixes of it held by now; what is found depends on that."""
    if due.process_id is not None:
        fix_outcomes.settle(session, session.get_one(Process, due.process_id), now)


def found(session: Session, due: Due, now: datetime) -> list[Found]:
    """Return what it shows now; reads only, however much there is, in a transaction of its own."""
    session.connection(execution_options={"only_reads": True})
    if due.process_id is None:
        shown = _shown_by_devices(session, due.org_id, now)
    else:
        shown = _shown_by(session, session.get_one(Process, due.process_id), now)
    session.rollback()
    return shown


def keep(session: Session, due: Due, shown: Iterable[Found], now: datetime) -> None:
    """Bring its rows up to date with what was found."""
    keeping.keep(session, due.org_id, due.process_id, shown, now)


def _shown_by(session: Session, process: Process, now: datetime) -> list[Found]:
    if process.retired_at is not None:
        return []
    seen = gathering.seen(session, process, now)
    return list(
        rules.of_process(
            process.id,
            seen,
            gathering.notes(session, seen),
            gathering.scope(session, process.org_id),
            leaves_proof=fragility.leaves_proof(definitions.current_version(process)),
        )
    )


def _shown_by_devices(session: Session, org_id: str, now: datetime) -> list[Found]:
    days = gathering.held_days(session, org_id, now)
    return list(rules.of_devices(days, gathering.scope(session, org_id)))


def _next_night(session: Session, org_id: str, now: datetime) -> datetime:
    query = select(Location.time_zone).where(Location.org_id == org_id)
    zone = ZoneInfo(session.scalar(query.order_by(Location.created_at, Location.id)) or "UTC")
    tonight = datetime.combine(now.astimezone(zone).date(), AT_NIGHT, zone)
    return tonight if tonight > now else tonight + timedelta(days=1)


def _due_process(now: datetime) -> Select[Process]:
    query = select(Process).where(Process.patterns_at <= now).order_by(Process.patterns_at)
    return query.limit(1).with_for_update(skip_locked=True, of=Process, key_share=True)


def _due_organisation(now: datetime) -> Select[Organisation]:
    due = or_(Organisation.patterns_at.is_(None), Organisation.patterns_at <= now)
    query = select(Organisation).where(due).order_by(Organisation.id)
    return query.limit(1).with_for_update(skip_locked=True, key_share=True)
