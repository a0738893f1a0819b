"""What could not be told is in front of the owner within a minute."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tests.crash.faults.pockets import Pockets
from tests.crash.faults.world import World
from webapp.models import OutboxMessage, Person, StepRun
from webapp.services import inbox

WITHIN = timedelta(seconds=60)


def untold(session: Session, world: World, pockets: Pockets, now: datetime) -> Iterator[str]:
    """Holders whom no push service was asked to tell, and of whom the owner's page is silent."""
    taken = {
        (arrival.who, arrival.message.payload["id"])
        for arrival in pockets.arrivals
        if arrival.is_taken
    }
    owner = session.get_one(Person, world.members["olivia"].id)
    missing = {
        world.name_of(row.person_id)
        for row in _messages_to_holders(session, world, owner.id)
        if row.created_at + WITHIN <= now
        and not {(world.name_of(row.person_id), each) for each in (row.id, row.sent_as)} & taken
    }
    if not missing:
        return
    shown = [item.sentence for item in inbox.items(session, owner, now) if item.kind == "untold"]
    for who in missing:
        if not any(sentence.startswith(who.title()) for sentence in shown):
            yield f"at {now} {who} was not told for a minute, and the owner's page says {shown}"


def _messages_to_holders(session: Session, world: World, owner_id: str) -> list[OutboxMessage]:
    """The messages by which those who hold the steps now got them, but the owner's."""
    query = (
        select(OutboxMessage)
        .join(StepRun, StepRun.id == OutboxMessage.step_run_id)
        .where(
            StepRun.run_id == world.run_id,
            StepRun.state == "open",
            StepRun.holder_id != owner_id,
            OutboxMessage.person_id == StepRun.holder_id,
            or_(
                and_(
                    OutboxMessage.kind == "handoff",
                    OutboxMessage.level == StepRun.level,
                    StepRun.sent_back_at.is_(None),
                ),
                and_(
                    OutboxMessage.kind == "sent_back",
                    OutboxMessage.created_at >= StepRun.sent_back_at,
                ),
            ),
            OutboxMessage.channel == "push",
        )
    )
    return list(session.scalars(query))
