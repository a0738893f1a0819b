"""How far each message came: taken by a push service, reached, opened, acted on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, Receipt, StepRun
from webapp.problems import Problem
from webapp.services import messages, subscriptions

# In their order: who opened a message was reached by it.
STAGES = ("reached", "opened", "acted")
# Stands for a device where work came in over the API, from no browser: what is noted under it
# says that the person acted, and that no device of theirs was reached or opened anything.
NO_DEVICE = "api"

_INSERT: dict[str, type[postgresql.Insert] | type[sqlite.Insert]] = {
    "postgresql": postgresql.Insert,
    "sqlite": sqlite.Insert,
}


def acknowledge(
    session: Session, person: Person, message_id: str, device_id: str, event: str, now: datetime
) -> None:
    """Note that a message reached a device, was opened or acted on there; the first time counts.

    What travelled with it came as far. The device is known to work from now on.
    """
    message = session.get(OutboxMessage, message_id)
    if message is None or message.person_id != person.id:
        raise Problem("not_found")
    _mark(session, _sent_together(session, message), device_id, event, now)
    subscriptions.confirm(session, person, device_id, now)


def devices_reached(session: Session, message: OutboxMessage) -> list[str]:
    """Return the ids of the devices that said that the message came."""
    query = select(Receipt.device_id).where(
        Receipt.message_id == message.id, Receipt.reached_at.is_not(None)
    )
    return sorted(session.scalars(query))


def opened_page(
    session: Session, person: Person, step_run_ids: Sequence[str], device_id: str, now: datetime
) -> None:
    """Note that who holds these steps has seen them on a page: they know, push or not.

    Step runs that they do not hold are left alone.
    """
    query = (
        _handoffs_told(person)
        .join(StepRun, StepRun.id == OutboxMessage.step_run_id)
        .where(StepRun.id.in_(step_run_ids), StepRun.holder_id == person.id)
    )
    newest = {each.step_run_id: each.id for each in session.scalars(query)}
    _mark(session, sorted(newest.values()), device_id, "opened", now)


def acted(
    session: Session, person: Person, step_run: StepRun, device_id: str | None, now: datetime
) -> None:
    """Note that the person did something about a step that was handed to them.

    With a device it has the message; over the API none has. Either way the person knows, so
    what stands behind the push (e-mail, the extra channel) is held back.
    """
    if not messages.was_asked(step_run):
        return
    query = _handoffs_told(person).where(OutboxMessage.step_run_id == step_run.id)
    told = session.scalars(query).all()
    _mark(session, [each.id for each in told[-1:]], device_id or NO_DEVICE, "acted", now)


def _handoffs_told(person: Person) -> Select[OutboxMessage]:
    return (
        select(OutboxMessage)
        .where(
            OutboxMessage.person_id == person.id,
            OutboxMessage.kind == "handoff",
            OutboxMessage.channel == "push",
        )
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    )


def _sent_together(session: Session, message: OutboxMessage) -> list[str]:
    """The message, and every other one that went out as it or as what it went out as."""
    lead = message.sent_as or message.id
    query = select(OutboxMessage.id).where(
        OutboxMessage.person_id == message.person_id,
        or_(OutboxMessage.sent_as.in_((lead, message.id)), OutboxMessage.id == lead),
    )
    return sorted({message.id, *session.scalars(query)})


def _mark(
    session: Session, message_ids: Sequence[str], device_id: str, event: str, now: datetime
) -> None:
    """Write the times that are not known yet, in one statement: another request may be as quick."""
    if not message_ids:
        return
    stages = (event,) if device_id == NO_DEVICE else STAGES[: STAGES.index(event) + 1]
    times = {f"{stage}_at": now for stage in stages}
    rows = [{"message_id": each, "device_id": device_id} | times for each in message_ids]
    insert = _INSERT[session.get_bind().dialect.name](Receipt).values(rows)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["message_id", "device_id"],
            set_={
                name: func.coalesce(getattr(Receipt, name), insert.excluded[name]) for name in times
            },
        )
    )
