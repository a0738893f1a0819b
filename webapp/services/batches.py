"""Carrying out many commands in one transaction, as if each were alone in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Device, Person
from webapp.problems import Problem
from webapp.services import commands, locked, record
from webapp.services.step_commands import Asked


def carry_out(
    session: Session, person: Person, device_id: str | None, asked: Sequence[Asked], now: datetime
) -> list[dict[str, Any]]:
    """Return the receipt of each command, in the order given; one that fails undoes no other.

    Everything that they change is locked before the first of them: the device, then the runs, then
    the step runs, each in their order. Most often none of them fails, and all are written together,
    in a fifth of the time; else each is carried out anew behind a savepoint of its own. Whatever
    else than a `Problem` of one command rises from here is no receipt: the caller rolls back, and
    goes through them one by one.
    """
    device = _locked_device(session, person, device_id, now)
    if device is not None:  # once: each change of it would be written with each command
        device.last_seq = max(device.last_seq or 0, *(each.seq or 0 for each in asked))
    came_before = commands.known(session, person.org_id, [each.id for each in asked])
    together, alone = (
        partial(how, session, person, device, now) for how in (_carried_out, _receipt)
    )
    try:
        with record.attempt(session):
            return _each(session, person.org_id, asked, came_before, together)
    except Problem:
        return _each(session, person.org_id, asked, came_before, alone)


def _each(
    session: Session,
    org_id: str,
    asked: Sequence[Asked],
    came_before: AbstractSet[str],
    receipt: Callable[[Asked, bool], dict[str, Any]],
) -> list[dict[str, Any]]:
    times = Counter(each.step_run_id for each in asked)
    known, results = set(came_before), []
    with locked.together(session, org_id, times.keys()) as held:
        for each in asked:
            results.append(receipt(each, each.id not in known))
            known.add(each.id)
            if times[each.step_run_id] > 1 and each.step_run_id in held:
                session.flush()  # the next one sees what this one did
                session.expire(held[each.step_run_id])
    return results


def _locked_device(
    session: Session, person: Person, device_id: str | None, now: datetime
) -> Device | None:
    """Whatever else comes from this device at once, from another window, waits for its turn."""
    if device_id is None:
        return None
    device = commands.known_device(session, person, device_id, now)
    session.flush()
    session.refresh(device, with_for_update=True)
    return device


def _carried_out(
    session: Session,
    person: Person,
    device: Device | None,
    now: datetime,
    asked: Asked,
    is_new: bool,
) -> dict[str, Any]:
    return commands.carry_out(session, person, device, asked, now, is_new=is_new).result


def _receipt(
    session: Session,
    person: Person,
    device: Device | None,
    now: datetime,
    asked: Asked,
    is_new: bool,
) -> dict[str, Any]:
    try:
        with record.attempt(session):
            return _carried_out(session, person, device, now, asked, is_new)
    except Problem as problem:
        return _refusal(session, person, device, asked, problem, now)


def _refusal(
    session: Session,
    person: Person,
    device: Device | None,
    asked: Asked,
    problem: Problem,
    now: datetime,
) -> dict[str, Any]:
    if problem.code == "id_reused":
        return commands.refused(asked.id, problem.code, problem.detail)
    return commands.reject(session, person, device, asked, problem, now).result
