"""Heads of the record that leave the building: each binds the Merkle root over all before it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models import Event
from webapp.services import record, record_tree
from webapp.services.record_tree import Tree

PUBLISHED = "record.head_published"


class Head(NamedTuple):
    """A published head: the event that anybody may keep as an anchor."""

    seq: int
    hash: str
    at: datetime


def publish(session: Session, org_id: str, now: datetime) -> Head:
    """Write the event that binds the tree over all events before it, and return it.

    What the session has noted so far is chained before it. From then on the record's head stays
    locked until the commit, so this is the last that a transaction does. The head counts once it
    is committed.
    """
    make_ready(session, org_id)
    record.chain(session)
    size = record.lock_head(session, org_id)
    record_tree.fill(session, org_id, size)
    facts = {"size": size, "root": Tree(session, org_id, size).root().hex()}
    record.note(session, org_id, now, PUBLISHED, record.SYSTEM, org_id, facts)
    record.chain(session)
    seq, own = record.head(session, org_id)
    return Head(seq, own, now)


def make_ready(session: Session, org_id: str) -> None:
    """Do most of the work while the record is not locked yet."""
    record_tree.fill(session, org_id, record.head(session, org_id)[0])
    record.on_disk_first(session)


def latest(session: Session, org_id: str) -> Head | None:
    """Return the newest published head; None before the first."""
    query = _published(org_id).order_by(Event.seq.desc()).limit(1)
    found = session.execute(query.with_only_columns(Event.seq, Event.hash, Event.at)).first()
    return Head(*found) if found else None


def all_of(session: Session, org_id: str, until: int) -> list[Event]:
    """Return the events of all heads published up to that sequence number, oldest first."""
    query = _published(org_id).where(Event.seq <= until)
    return list(session.scalars(query.order_by(Event.seq)))


def _published(org_id: str) -> Select[Event]:
    """They are found by their subject, which is the organisation: there are few such events."""
    return select(Event).where(
        Event.org_id == org_id, Event.subject == org_id, Event.kind == PUBLISHED
    )
