"""Leased rows of the outbox become parcels: what goes out as one push, and where to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.models import OutboxMessage
from webapp.rules.push_endpoint import SubscriptionError, check_contact
from webapp.services import organisations
from worker import outbox
from worker.message import Note, Push, bundle_key, compose

log = structlog.get_logger()

# Push services want a contact; this one says that the operator has not named any.
NO_CONTACT = "mailto:nobody@baton.example"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One push for one person: its rows, its words, and every device it goes to."""

    rows: tuple[OutboxMessage, ...]
    push: Push
    targets: tuple[outbox.Target, ...]
    ttl: int
    contact: str
    lease: str | None


def wrap(
    session: Session, rows: list[OutboxMessage], settings: Settings, now: datetime
) -> list[Parcel]:
    """Group what still matters by person, bundle and the devices still to tell; settle the rest."""
    groups: dict[tuple[str, tuple[str, ...], tuple[outbox.Target, ...]], list[OutboxMessage]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        if not _worth_sending(session, row, now):
            continue
        if targets := outbox.targets(session, row):
            key = (row.person_id, bundle_key(_note(row)), targets)
            groups.setdefault(key, []).append(row)
        else:
            outbox.settle(row, "no_device", now)
    parcels = [
        _parcel(session, group, targets, settings, now) for (_, _, targets), group in groups.items()
    ]
    return [parcel for parcel in parcels if parcel is not None]


def _parcel(
    session: Session,
    rows: list[OutboxMessage],
    targets: tuple[outbox.Target, ...],
    settings: Settings,
    now: datetime,
) -> Parcel | None:
    while rows:
        try:
            push = compose([_note(row) for row in rows])
        except Exception:
            log.exception("a message could not be put into words", id=rows[0].id)
            outbox.settle(rows.pop(0), "refused", now, "it could not be put into words")
            continue
        for row in rows[1:]:
            row.sent_as = rows[0].id
        contact = settings.push_contact or contact_of(session, rows[0].org_id)
        return Parcel(tuple(rows), push, targets, _ttl(rows, now), contact, rows[0].lease)
    return None


def _worth_sending(session: Session, row: OutboxMessage, now: datetime) -> bool:
    if row.expires_at <= now:
        outbox.settle(row, "expired", now)
    elif not outbox.still_matters(session, row):
        outbox.settle(row, "not_needed", now)
    return row.outcome is None


def _note(row: OutboxMessage) -> Note:
    return Note(row.id, row.kind, row.run_id, row.step_run_id, row.facts)


def _ttl(rows: Iterable[OutboxMessage], now: datetime) -> int:
    """Seconds until the message is worth nothing: until the next level, at least one."""
    return max(1, int((max(row.expires_at for row in rows) - now).total_seconds()))


def contact_of(session: Session, org_id: str) -> str:
    """The owner's address, for push services that want to reach the sender."""
    contact = f"mailto:{organisations.owner_of(session, org_id).email}"
    try:
        check_contact(contact)
    except SubscriptionError:
        return NO_CONTACT
    return contact
