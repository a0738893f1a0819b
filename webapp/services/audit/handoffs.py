"""Handoffs: one per level, in order, each in the record, each told, none for what was done."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from webapp.models import Proof
from webapp.rules.sentences import N_
from webapp.services.audit.finding import Finding
from webapp.services.audit.look import Look
from webapp.services.audit.steps import found
from webapp.services.audit.subjects import Subject


def check(look: Look, subject: Subject) -> Iterator[Finding]:
    """Find what is wrong with how a step moved along its chain."""
    if not subject.chain:
        return
    rows = {handoff.level: handoff for handoff in subject.handoffs}
    if len(rows) < len(subject.handoffs):
        says = N_("%(step)s was handed on twice to the same person.")
        yield found(subject, "handoff_twice", says)
    yield from _against_the_record(subject, rows)
    yield from _untold(subject, rows)
    if rows.keys() == subject.standing.moves.keys():
        yield from _not_overtaken(look, subject)


def _against_the_record(subject: Subject, rows: dict[int, Any]) -> Iterator[Finding]:
    recorded = subject.standing.moves
    missing, extra = recorded.keys() - rows.keys(), rows.keys() - recorded.keys()
    if subject.standing.ghost or _after_closing(subject, [rows[level] for level in extra]):
        says = N_("%(step)s was handed on although it was done.")
        yield found(subject, "ghost_handoff", says)
    elif subject.standing.out_of_order or (missing and extra):
        says = N_("%(step)s was not handed on level by level.")
        yield found(subject, "handoff_out_of_order", says)
    elif missing:
        says = N_("%(step)s was handed on to %(name)s; that handoff is gone.")
        yield found(subject, "handoff_missing", says, name=subject.name(min(missing)))
    elif extra:
        says = N_("%(step)s was handed on to %(name)s; the record knows nothing of it.")
        yield found(subject, "handoff_not_recorded", says, name=subject.name(min(extra)))


def _after_closing(subject: Subject, handoffs: list[Any]) -> bool:
    closed_at = subject.row.closed_at if subject.standing.is_closed else None
    return closed_at is not None and any(handoff.at >= closed_at for handoff in handoffs)


def _untold(subject: Subject, rows: dict[int, Any]) -> Iterator[Finding]:
    """Who takes a step over has a message of it in the outbox, sent or not."""
    keys = {message.dedupe_key for message in subject.messages}
    for handoff in rows.values():
        is_recorded = handoff.level in subject.standing.moves
        if is_recorded and not handoff.passed_over and f"handoff:{handoff.id}" not in keys:
            says = N_("%(step)s was handed on to %(name)s, whom nothing tells of it.")
            yield found(subject, "handoff_untold", says, name=subject.name(handoff.level))


def _not_overtaken(look: Look, subject: Subject) -> Iterator[Finding]:
    """What was provably done before it was first due to move: its handoffs are overtaken."""
    if subject.row.state != "done" or not subject.handoffs:
        return
    query = select(Proof.captured_at, Proof.trust).where(Proof.id == subject.row.proof_id)
    proof = look.session.execute(query).one_or_none()
    if proof is None or proof.trust == "unproven":
        return
    in_time = proof.captured_at < subject.handoffs[0].due_at
    if in_time and any(handoff.overtaken_at is None for handoff in subject.handoffs):
        says = N_("%(step)s was done in time and counts as handed on.")
        yield found(subject, "handoff_not_overtaken", says)
