"""What somebody who leaves had in hand here."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from webapp.models import Person, PushSubscription, StepRun


def let_go(session: Session, person: Person, now: datetime) -> None:
    """Forget the person's devices, and have the engine look at once at what they hold.

    At the last level nobody comes after them: there it stays, for the other owners to see.
    """
    session.execute(delete(PushSubscription).where(PushSubscription.person_id == person.id))
    session.execute(
        update(StepRun)
        .where(
            StepRun.holder_id == person.id,
            StepRun.state.in_(("open", "claimed")),
            StepRun.level < StepRun.last_level,
            StepRun.escalate_at > now,
        )
        .values(escalate_at=now)
    )
