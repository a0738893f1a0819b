"""The questions by which an audit reads what belongs to some step runs, asked once for many."""

from typing import Any

from sqlalchemy import Select, String, cast, select

from webapp.models import Event, Handoff, OutboxMessage, Receipt
from webapp.rules import audit as rules

_KINDS = (*rules.TURNS, "step.set_aside")


def handoffs(ids: list[str]) -> Select[*tuple[Any, ...]]:
    """Those that stand; those handed back are only in the record, whose index is enough."""
    return (
        select(
            Handoff.id,
            Handoff.step_run_id,
            Handoff.level,
            Handoff.to_id,
            Handoff.due_at,
            Handoff.at,
            Handoff.passed_over,
            Handoff.overtaken_at,
        )
        .where(Handoff.step_run_id.in_(ids), Handoff.returned_at.is_(None))
        .order_by(Handoff.level, Handoff.at)
    )


def events(ids: list[str]) -> Select[*tuple[Any, ...]]:
    """What changed holder or time, in the order of the record; payloads as they are stored."""
    payload = cast(Event.payload, String).label("payload")
    return (
        select(Event.subject, Event.kind, Event.at, payload)
        .where(Event.subject.in_(ids), Event.kind.in_(_KINDS))
        .order_by(Event.seq)
    )


def messages(ids: list[str]) -> Select[*tuple[Any, ...]]:
    """All messages about them, sent or not."""
    return select(
        OutboxMessage.id,
        OutboxMessage.step_run_id,
        OutboxMessage.person_id,
        OutboxMessage.dedupe_key,
        OutboxMessage.kind,
        OutboxMessage.channel,
        OutboxMessage.attempts,
        OutboxMessage.settled_at,
        OutboxMessage.outcome,
        OutboxMessage.sent_as,
    ).where(OutboxMessage.step_run_id.in_(ids))


def received(ids: list[str]) -> Select[*tuple[Any, ...]]:
    """The messages that a push service took for at least one device."""
    return (
        select(Receipt.message_id)
        .join(OutboxMessage, OutboxMessage.id == Receipt.message_id)
        .where(OutboxMessage.step_run_id.in_(ids))
        .distinct()
    )
