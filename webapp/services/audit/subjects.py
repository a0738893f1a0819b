"""The step runs that an audit looks at, each with its handoffs, events and messages."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, select
from sqlalchemy.orm import Session

from webapp.models import (
    Handoff,
    Location,
    Organisation,
    OutboxMessage,
    Process,
    Run,
    StepRun,
)
from webapp.rules import audit as rules
from webapp.rules import chain as chains
from webapp.rules.chain import Chain
from webapp.rules.sentences import say
from webapp.services.audit import belongings
from webapp.services.audit.look import Look, Memory, in_chunks

# So many steps at rest are looked at in one audit of a long-lived process.
REST_AT_ONCE = 4000
_AT_REST = (StepRun.state == "open") & (StepRun.level == 0) & StepRun.set_aside_at.is_(None)
_NOWHERE = rules.Standing(0, 0, None, None)
OPEN = ("open", "claimed", "in_review")
HELD = ("open", "claimed")
_STEP = (
    StepRun.id,
    StepRun.org_id,
    StepRun.run_id,
    StepRun.title,
    StepRun.state,
    StepRun.level,
    StepRun.last_level,
    cast(StepRun.chain, String).label("chain"),
    StepRun.holder_id,
    StepRun.deadline_at,
    StepRun.escalate_at,
    StepRun.escalate_why,
    StepRun.moves_at,
    StepRun.reached_within_minutes,
    StepRun.missed_at,
    StepRun.closed_at,
    StepRun.proof_id,
    StepRun.skip_reason,
    StepRun.set_aside_at,
    Run.opened_at,
    Process.name.label("process"),
    Location.name.label("location"),
    Location.time_zone.label("zone"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One step run as columns (`row`), and everything that belongs to it, the oldest first.

    `is_erased`: what an event of it says was erased, so that nobody can replay it any more.
    """

    row: Any
    chain: Chain
    handoffs: list[Any]
    turns: list[rules.Turn]
    standing: rules.Standing
    messages: list[Any]
    received: frozenset[str]
    said_set_aside: bool
    is_unreadable: bool
    is_erased: bool

    @property
    def title(self) -> str:
        """The step as people know it."""
        return step_words(self.row)

    @property
    def held_since(self) -> datetime:
        """Since when its present holder has it."""
        since: datetime = self.standing.since or self.row.opened_at or self.row.deadline_at
        return since

    def name(self, level: int) -> str:
        """Who stands at that level of the chain."""
        return self.chain[level].name if level < len(self.chain) else say("nobody")


def step_words(row: Any) -> str:
    """Return the step as people know it: “Gate” of Opening check at Downtown."""
    return say(
        "“%(step)s” of %(process)s at %(location)s",
        step=row.title,
        process=row.process,
        location=row.location,
    )


def subjects(look: Look) -> Iterator[Subject]:
    """Yield what is open, and what closed lately after it was handed on or told of.

    In the audits of a long-lived process what is open and at rest with its first holder comes in
    turns, beside what was at fault the last time.
    """
    session = look.session
    suspects: list[str] = []
    if look.memory is None:
        found = list(session.execute(_open_steps()))
    else:
        suspects = look.memory.next_suspect_steps()
        found = list(session.execute(_open_steps(~_AT_REST | StepRun.id.in_(suspects))))
        found += _at_rest(look, look.memory, suspects)
    found += session.execute(_closed_lately(look))
    if look.memory is not None:
        look.memory.suspect_steps -= set(suspects) - {row.id for row in found}
    for chunk in in_chunks(found):
        yield from _with_what_belongs(session, chunk)


def _open_steps(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """By organisation and state, which an index answers."""
    org_ids = select(Organisation.id)
    return _steps(StepRun.org_id.in_(org_ids), StepRun.state.in_(OPEN), *conditions)


def _at_rest(look: Look, memory: Memory, suspects: list[str]) -> Sequence[Any]:
    """The next of those that nothing befell yet; from the first again once all had their turn.

    The suspects whose turn it is are looked at already.
    """
    after = (StepRun.id > memory.step_after) & StepRun.id.not_in(suspects)
    query = _open_steps(_AT_REST, after).order_by(StepRun.id).limit(REST_AT_ONCE)
    found = look.session.execute(query).all()
    memory.step_after = found[-1].id if len(found) == REST_AT_ONCE else ""
    return found


def _closed_lately(look: Look) -> Select[*tuple[Any, ...]]:
    moved = exists().where(Handoff.step_run_id == StepRun.id, Handoff.returned_at.is_(None))
    told = exists().where(OutboxMessage.step_run_id == StepRun.id)
    return _steps(
        Run.org_id.in_(select(Organisation.id)),
        Run.deadline_at >= look.since,
        StepRun.state.in_(("done", "skipped")),
        (StepRun.level > 0) | moved | told | StepRun.proof_id.is_(None),
    )


def _steps(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_STEP)
        .join(Run, Run.id == StepRun.run_id)
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
        .where(*conditions)
    )


def _with_what_belongs(session: Session, rows: Sequence[Any]) -> Iterator[Subject]:
    ids = [row.id for row in rows]
    handoffs = _grouped(session, belongings.handoffs(ids), "step_run_id")
    events = _grouped(session, belongings.events(ids), "subject")
    messages = _grouped(session, belongings.messages(ids), "step_run_id")
    received = frozenset(session.scalars(belongings.received(ids)))
    for row in rows:
        yield _subject(row, handoffs[row.id], events[row.id], messages[row.id], received)


def _subject(
    row: Any,
    handoffs: list[Any],
    events: list[Any],
    messages: list[Any],
    received: frozenset[str],
) -> Subject:
    chain = _readable(row.chain)
    is_erased = any(each.payload is None for each in events)
    replayed = None if is_erased else _replayed(events, chain, row.deadline_at)
    turns, standing = replayed or ([], _NOWHERE)
    return Subject(
        row=row,
        chain=chain,
        handoffs=handoffs,
        turns=turns,
        standing=standing,
        messages=messages,
        received=received,
        said_set_aside=any(each.kind == "step.set_aside" for each in events),
        is_unreadable=replayed is None and not is_erased,
        is_erased=is_erased,
    )


def _replayed(
    events: list[Any], chain: Chain, deadline_at: datetime
) -> tuple[list[rules.Turn], rules.Standing] | None:
    """What befell a step and where it stands then; None when an event of it cannot be read."""
    try:
        said = [(each, json.loads(each.payload or "null")) for each in events]
        read = [rules.turn(each.kind, each.at, payload, chain) for each, payload in said if payload]
        turns = [each for each in read if each is not None]
        return turns, rules.standing(chain, deadline_at, turns) if chain else _NOWHERE
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _readable(text: str) -> Chain:
    """The chain, empty when it cannot be read: that itself is found.

    All steps of a process have the same, so it is read once.
    """
    try:
        chain = chains.from_json(json.loads(text))
    except (KeyError, TypeError, ValueError):
        return ()
    return chain if len(chain) > 1 else ()


def _grouped(
    session: Session, query: Select[*tuple[Any, ...]], by: str
) -> defaultdict[str, list[Any]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        groups[getattr(row, by)].append(row)
    return groups
