"""Ten thousand steps due in the same second, while the clock and the worker are killed."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from threading import Thread
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tests.crash.faults.house import House
from tests.push_service import Subscription
from webapp.models import Event, Handoff, Organisation, OutboxMessage, Person, StepRun
from webapp.rules.proof_gate import requirement_from_json
from webapp.rules.record import Verified
from webapp.services import definitions, organisations, people, record, subscriptions
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft

PROCESSES, STEPS = 200, 50
DEADLINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GRACE = 5
WITHIN = 600.0
KILLS = 4
NOTE = {"kind": "note", "min_seconds": 0, "unit": None, "min": None, "max": None}


@dataclass
class Crowd:
    """What came of it. `seconds` are real, from the moment that all came due."""

    violations: list[str]
    handoffs: int
    pushes: int
    kills: int
    moved_after: float
    told_after: float


def crowd(house: House, seed: int) -> Crowd:
    """Plays it once."""
    phone = house.pushes.subscribe()
    house.set_clock(DEADLINE - timedelta(hours=3))
    org_id = house.work(lambda session: _organisation(session, phone))
    for number in range(PROCESSES):
        house.work(partial(_process, org_id, number))
    house.set_clock(DEADLINE - timedelta(minutes=30))
    are_open = StepRun.state == "open"
    house.until(lambda: _count(house, are_open) == PROCESSES * STEPS, "all open", within=WITHIN)
    _, place = house.pushes.ledger.since(0)
    house.set_clock(DEADLINE + timedelta(minutes=GRACE))
    began = time.monotonic()
    killer = Thread(target=_kill, args=(house, Random(seed)), daemon=True)
    killer.start()
    house.until(lambda: _count(house, StepRun.level == 0) == 0, "all moved", within=WITHIN)
    moved_after = time.monotonic() - began
    killer.join()
    _until_all_are_told(house)
    told_after = time.monotonic() - began
    came, _ = house.pushes.ledger.since(place)
    with house.inside() as session:
        found = list(_violations(session, org_id, [each.payload for each in came]))
    return Crowd(found, PROCESSES * STEPS, len(came), KILLS, moved_after, told_after)


def _organisation(session: Session, phone: Subscription) -> str:
    now = DEADLINE - timedelta(hours=3)
    owner = organisations.create(session, "Crowd", "Downtown", "UTC", "Olivia", None, None, now)
    organisation = session.get_one(Organisation, owner.org_id)
    for who in ("Ana", "Ben"):
        person = people.add(session, organisation, who, None, "staff", now, owner.locations)
        keys = (phone.endpoint, phone.p256dh, phone.auth)
        if who == "Ben":
            subscriptions.subscribe(session, person, "ben-1", *keys, now, insecure=True)
    return owner.org_id


def _process(org_id: str, number: int, session: Session) -> None:
    crew = {each.name: each for each in session.scalars(_people(org_id)).unique()}
    owner = crew["Olivia"]
    requirement = requirement_from_json(NOTE | {"if_outside": None, "scan_code": None})
    draft = ProcessDraft(
        name=f"Process {number}",
        locations=(owner.locations[0].id,),
        rrule="FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24",
        deadline=DEADLINE.time(),
        opens=(DEADLINE - timedelta(hours=1)).time(),
        chain=(
            DraftLevel("assignee", crew["Ana"].id, 0),
            DraftLevel("backup", crew["Ben"].id, GRACE),
            DraftLevel("owner", None, 600),
        ),
        steps=tuple(DraftStep(f"Step {each}", "", requirement) for each in range(1, STEPS + 1)),
        grace_minutes=GRACE,
    )
    definitions.save(session, owner.id, org_id, draft, DEADLINE - timedelta(hours=3))


def _people(org_id: str) -> Select[Person]:
    return select(Person).where(Person.org_id == org_id)


def _kill(house: House, random: Random) -> None:
    """Kills the clock and the worker in turn, each in the midst of its work."""
    for number in range(KILLS):
        time.sleep(random.uniform(0.3, 2.0))
        house.kill(("clock", "worker")[number % 2])


def _until_all_are_told(house: House) -> None:
    """Lets leases of the killed lapse: the clock moves by a minute whenever nothing is due."""
    now, give_up = DEADLINE + timedelta(minutes=GRACE), time.monotonic() + WITHIN
    unsent = OutboxMessage.next_attempt_at.is_not(None)
    while _count(house, unsent):
        assert time.monotonic() < give_up, f"{_count(house, unsent)} messages were never sent"
        if not _count(house, OutboxMessage.next_attempt_at <= now):
            now += timedelta(seconds=61)
            house.set_clock(now)
        house.look_after()
        time.sleep(0.2)


def _count(house: House, condition: ColumnElement[bool]) -> int:
    with house.stack.database() as session:
        return session.scalar(select(func.count()).where(condition)) or 0


def _violations(session: Session, org_id: str, payloads: list[Any]) -> Iterator[str]:
    wanted = PROCESSES * STEPS
    levels = Counter(session.scalars(select(Handoff.level)))
    if levels != {1: wanted}:
        yield f"{wanted} handoffs to level 1 were due, made were {dict(levels)}"
    told = session.scalars(select(Event.subject).where(Event.kind == "step.handed_on"))
    twice = [each for each, times in Counter(told).items() if times > 1]
    if twice:
        yield f"{len(twice)} steps were handed on twice in the record"
    outcomes = Counter(session.scalars(select(OutboxMessage.outcome)))
    if outcomes["accepted"] < wanted:
        yield f"{wanted} messages were due, and came to {dict(outcomes)}"
    came = {payload["id"] for payload in payloads}
    rows = session.execute(select(OutboxMessage.id, OutboxMessage.sent_as)).all()
    if untold := [row for row, sent_as in rows if not {row, sent_as} & came]:
        yield f"{len(untold)} messages came to no phone"
    if others := came - {sent_as or row for row, sent_as in rows}:
        yield f"{len(others)} notifications are shown whose steps are shown by another, too"
    if not isinstance(record.verify(session, org_id), Verified):
        yield "the record does not verify"
