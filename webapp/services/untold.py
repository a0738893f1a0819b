"""Holders who could not be told that a step is theirs, while it still is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, or_
from sqlalchemy.orm import Session, aliased, defer

from webapp.models import OutboxMessage, Person, StepRun
from webapp.rules.sentences import N_
from webapp.words import gettext as _

# A message that no service took within this time is said to whoever can do something about it.
SAID_AFTER = timedelta(seconds=60)
WHY = {
    "no_device": N_("No device of theirs takes messages."),
    "refused": N_("The push service of their device refuses messages."),
    "expired": N_("No push service took the message in time."),
    None: N_("The push service does not take the message yet; it is tried again."),
}


@dataclass(frozen=True, slots=True)
class Untold:
    """Steps of one run that a person holds without having been told, and why."""

    steps: Sequence[StepRun]
    holder: Person
    since: datetime
    why: str


def holders(session: Session, steps: Select[StepRun], now: datetime) -> list[Untold]:
    """Return who of these open steps' holders could not be told, by run and person.

    `steps` says which open step runs the asker may see. A message that went out on another
    channel counts as told.
    """
    message = aliased(OutboxMessage)
    query = (
        steps.add_columns(message)
        .join(message, message.step_run_id == StepRun.id)
        .where(
            _made_it_theirs(message),
            message.channel == "push",
            message.person_id == StepRun.holder_id,
            or_(
                message.outcome.in_([why for why in WHY if why]),
                and_(message.outcome.is_(None), message.created_at <= now - SAID_AFTER),
            ),
            ~_told_otherwise(message),
        )
        .order_by(StepRun.run_id, StepRun.holder_id, StepRun.position)
        .options(defer(message.facts))
    )
    found = [(step, row) for step, row in session.execute(query).unique()]
    grouped = groupby(found, key=lambda pair: (pair[0].run_id, pair[0].holder_id))
    return [_untold(list(pairs)) for _key, pairs in grouped]


def _made_it_theirs(message: type[OutboxMessage]) -> ColumnElement[bool]:
    """The message by which the present holder got the step: at this level, or sent back last."""
    handed_on = and_(message.kind == "handoff", message.level == StepRun.level)
    sent_back = and_(message.kind == "sent_back", message.created_at >= StepRun.sent_back_at)
    return or_(handed_on, sent_back)


def _told_otherwise(message: type[OutboxMessage]) -> Exists:
    behind = aliased(OutboxMessage)
    return exists().where(behind.behind_id == message.id, behind.outcome == "accepted")


def _untold(pairs: Sequence[tuple[StepRun, OutboxMessage]]) -> Untold:
    step, message = pairs[0]
    assert step.holder is not None, "an open step has a holder"
    return Untold(
        steps=[each for each, _ in pairs],
        holder=step.holder,
        since=min(told.created_at for _, told in pairs),
        why=_(WHY[message.outcome]),
    )
