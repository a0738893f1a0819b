"""Everything that the database holds of one run, read once, for the checks."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tests.crash.faults.play import Played
from webapp.models import (
    Blob,
    Command,
    Event,
    Handoff,
    OutboxMessage,
    Proof,
    Receipt,
    Review,
    StepRun,
)


@dataclass
class Facts:
    """The rows of the run's organisation. `events` are in order, by what they are about."""

    played: Played
    steps: list[StepRun]
    handoffs: dict[str, list[Handoff]]
    events: dict[str, list[Event]]
    outbox: list[OutboxMessage]
    receipts: dict[tuple[str, str], Receipt]
    commands: dict[str, Command]
    proofs: dict[str, Proof]
    reviews: list[Review]
    blobs: dict[str, Blob]

    def title(self, step: StepRun) -> str:
        """How the timeline names it."""
        return f"step {self.played.world.steps.index(step.id) + 1}"


def read(session: Session, played: Played) -> Facts:
    """Reads the facts of a run that was played."""
    org_id, run_id = played.world.org_id, played.world.run_id
    query = select(StepRun).where(StepRun.run_id == run_id).order_by(StepRun.position)
    steps = list(session.scalars(query).unique())
    handoffs: dict[str, list[Handoff]] = defaultdict(list)
    for handoff in session.scalars(_of(Handoff, org_id).order_by(Handoff.at, Handoff.level)):
        handoffs[handoff.step_run_id].append(handoff)
    events: dict[str, list[Event]] = defaultdict(list)
    for event in session.scalars(_of(Event, org_id).order_by(Event.seq)):
        events[event.subject].append(event)
    outbox = list(session.scalars(_of(OutboxMessage, org_id).order_by(OutboxMessage.id)))
    ids = [row.id for row in outbox]
    receipts = session.scalars(select(Receipt).where(Receipt.message_id.in_(ids)))
    return Facts(
        played,
        steps,
        handoffs,
        events,
        outbox,
        {(each.message_id, each.device_id): each for each in receipts},
        {each.id: each for each in session.scalars(_of(Command, org_id))},
        {each.command_id: each for each in session.scalars(_of(Proof, org_id))},
        list(session.scalars(_of(Review, org_id))),
        {each.sha256: each for each in session.scalars(_of(Blob, org_id))},
    )


def _of(model: Any, org_id: str) -> Select[Any]:
    return select(model).where(model.org_id == org_id)
