"""What the database says of rows in hand: whether they still matter, and whom they are to reach.

Asked at once for all rows of a lease, not row by row.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.models import Person, PushSubscription, Receipt, StepRun
from webapp.models.run import CLOSED_STATES
from webapp.services import reached, reminders
from worker.outbox import Row, Target

Targets = tuple[Target, ...]


def still_matters(session: Session, rows: Sequence[Row]) -> Callable[[Row], bool]:
    """Whether a row tells a fact that its person must still act on, and does not know yet."""
    wanted = {row.step_run_id for row in rows if row.step_run_id}
    query = select(StepRun.id, StepRun.state, StepRun.level).where(StepRun.id.in_(wanted))
    stands = {step_run: (state, level) for step_run, state, level in session.execute(query)}
    reached_by_push = reached.have_reached(session, {row.behind_id for row in rows} - {None})
    to_do = reminders.still_to_do(session, {row.run_id for row in rows if row.kind == "reminder"})

    def matters(row: Row) -> bool:
        if row.behind_id in reached_by_push:
            return False
        if row.kind == "reminder":
            return (row.run_id, row.person_id) in to_do
        if row.step_run_id not in stands:
            return True
        state, level = stands[row.step_run_id]
        if row.kind == "handoff":
            return state not in CLOSED_STATES and level == row.level
        return row.kind != "review" or state == "in_review"

    return matters


def targets(session: Session, rows: list[Row]) -> dict[str, Targets | None]:
    """Each row's devices that do not have the message yet, oldest first; None when all have it.

    Who has left has no devices here any more, whatever their browsers still take.
    """
    devices: defaultdict[str, list[Target]] = defaultdict(list)
    columns = ("person_id", "endpoint", "device_id", "id", "p256dh", "auth")
    query = (
        select(*(getattr(PushSubscription, name) for name in columns))
        .join(Person, Person.id == PushSubscription.person_id)
        .where(
            PushSubscription.person_id.in_({row.person_id for row in rows}),
            Person.deactivated_at.is_(None),
        )
        .order_by(PushSubscription.created_at)
    )
    for person, *given in session.execute(query):
        devices[person].append(Target(*given))
    has_it = _has_it(session, [row.id for row in rows if row.attempts > 1])
    return {row.id: _left(devices[row.person_id], has_it[row.id]) for row in rows}


def _left(devices: list[Target], has_it: set[str]) -> Targets | None:
    left = tuple(each for each in devices if each.device_id not in has_it)
    return None if has_it and not left else left


def _has_it(session: Session, tried: Collection[str]) -> defaultdict[str, set[str]]:
    """Which devices have which of these messages, by their push service or their own word."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    if tried:
        query = select(Receipt.message_id, Receipt.device_id).where(
            Receipt.message_id.in_(tried),
            or_(Receipt.accepted_at.is_not(None), Receipt.reached_at.is_not(None)),
        )
        for message, device in session.execute(query):
            known[message].add(device)
    return known
