"""Carrying out what devices ask for: each command once, each with its receipt."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Command, Device, Event, Person, StepRun
from webapp.problems import Problem
from webapp.rules import sequence
from webapp.rules.record import canonical
from webapp.rules.sentences import say
from webapp.services import proofs, receipts, record, step_commands, step_runs
from webapp.services.completion import Outcome
from webapp.services.step_commands import Asked

LONGEST_KEPT = 20_000
_SEEN = {"read": True, "key_share": True}


def known_device(session: Session, person: Person, device_id: str, now: datetime) -> Device:
    """Return the device, registered now if it is new; it is whoever's who last used it."""
    device = session.get(Device, (person.org_id, device_id))
    if device is None:
        device = Device(org_id=person.org_id, id=device_id, created_at=now)
        device.numbers = sequence.to_json(sequence.Book())
        session.add(device)
    device.person_id = person.id
    device.last_seen_at = now
    return device


def carry_out(
    session: Session,
    person: Person,
    device: Device | None,
    asked: Asked,
    now: datetime,
    *,
    is_new: bool = False,
) -> Command:
    """Carry out a command, or return what became of it the first time; `is_new`: there was none.

    Raises `Problem` when it cannot be done (also id_reused); the caller rolls back and, but for
    id_reused, keeps the refusal with `reject`.
    """
    before = None if is_new else _before(session, person, asked)
    if before is not None:
        return before
    outcome, step_run = _dispatch(session, person, device, asked, now)
    if step_run is not None and outcome.status == "applied":
        acting = device.id if device is not None and not asked.is_rescued else None
        receipts.acted(session, person, step_run, acting, now)
    if device is not None and asked.seq is not None and not asked.is_rescued:
        device.last_seq = max(device.last_seq or 0, asked.seq)
    return _keep(session, person, device, asked, outcome, step_run, now)


def reject(
    session: Session,
    person: Person,
    device: Device | None,
    asked: Asked,
    problem: Problem,
    now: datetime,
) -> Command:
    """Keep a command that could not be carried out, with the reason: nothing sent is lost."""
    code = problem.extra.get("reason", problem.code)
    outcome = Outcome("rejected", code, problem.detail)
    step_run = step_runs.find(session, person.org_id, asked.step_run_id)
    return _keep(session, person, device, asked, outcome, step_run, now)


def refused(command_id: str, code: str, detail: str) -> dict[str, Any]:
    """Return the receipt of a command that is not kept under its id: another is, or none can be."""
    return {"id": command_id, "status": "rejected", "code": code, "detail": detail}


def known(session: Session, org_id: str, ids: Iterable[str]) -> set[str]:
    """Return which of these commands came before."""
    query = select(Command.id).where(Command.org_id == org_id, Command.id.in_(ids))
    return set(session.scalars(query))


def unreadable_known(session: Session, org_id: str, people: Iterable[str]) -> set[str]:
    """Return `unreadable_key` of all that these people sent before and nobody could read."""
    query = select(Event.subject, Event.payload).where(
        Event.org_id == org_id, Event.subject.in_(people), Event.kind == "command.unreadable"
    )
    rows = session.execute(query.execution_options(yield_per=100))
    kept = [(person_id, payload) for person_id, payload in rows if payload is not None]
    return {unreadable_key(person_id, str(payload["sent"])) for person_id, payload in kept}


def unreadable_key(person_id: str, sent: str) -> str:
    """Return by what it is known that the same was kept before: the hash of what would be kept."""
    return hashlib.sha256(f"{person_id} {sent[:LONGEST_KEPT]}".encode()).hexdigest()


def keep_unreadable(session: Session, person: Person, sent: str, why: str, now: datetime) -> None:
    """Keep in the record what an app sent and nobody could read: the app forgets it now."""
    payload = {"why": why, "sent": sent[:LONGEST_KEPT]}
    record.note(session, person.org_id, now, "command.unreadable", person.id, person.id, payload)


def _before(session: Session, person: Person, asked: Asked) -> Command | None:
    # The lock keeps nobody out; with it the commit waits until what was seen is on the disk.
    command = session.get(Command, (person.org_id, asked.id), with_for_update=_SEEN)
    if command is None:
        return None
    if command.content_sha256 != _fingerprint(person, asked):
        raise Problem("id_reused")
    return command


def _dispatch(
    session: Session, person: Person, device: Device | None, asked: Asked, now: datetime
) -> tuple[Outcome, StepRun | None]:
    if asked.kind not in step_commands.KINDS:
        raise Problem(
            "command_unknown",
            say("Baton knows no command %(kind)s. Update the app.", kind=asked.kind),
        )
    step_run = step_runs.find(session, person.org_id, asked.step_run_id, lock=True)
    if step_run is None:
        return Outcome("held", "step_unknown", step_commands.STEP_UNKNOWN), None
    work = step_commands.Work(session, person, device, step_run, asked, now)
    return step_commands.KINDS[asked.kind](work), step_run


def _keep(
    session: Session,
    person: Person,
    device: Device | None,
    asked: Asked,
    outcome: Outcome,
    step_run: StepRun | None,
    now: datetime,
) -> Command:
    if step_run is not None and asked.is_elsewhere(step_run):
        outcome, step_run = Outcome("held", "step_unknown", step_commands.STEP_UNKNOWN), None
    command = Command(
        org_id=person.org_id,
        id=asked.id,
        person_id=person.id,
        device_id=device.id if device else None,
        seq=asked.seq,
        kind=asked.kind[:32],
        content=asked.content,
        content_sha256=_fingerprint(person, asked),
        status=outcome.status,
        result={
            "id": asked.id,
            "status": outcome.status,
            "code": outcome.code,
            "detail": outcome.message,
            "step_run": _brief(step_run),
        },
        received_at=now,
        settled_at=None if outcome.status == "held" else now,
        turn_id=asked.turn_id,
    )
    session.add(command)
    if outcome.status in ("held", "rejected"):
        payload = {"code": outcome.code, "kind": asked.kind, "content": asked.content}
        payload |= proofs.at_kiosk(session, person.org_id, asked.turn_id)
        record.note(
            session, person.org_id, now, f"command.{outcome.status}", person.id, asked.id, payload
        )
    return command


def _brief(step_run: StepRun | None) -> dict[str, Any] | None:
    if step_run is None:
        return None
    return {"id": step_run.id, "state": step_run.state, "attempt": step_run.attempt}


def _fingerprint(person: Person, asked: Asked) -> str:
    facts = {
        "person": person.id,
        "kind": asked.kind,
        "step_run": asked.step_run_id,
        "attempt": asked.attempt,
        "captured_at": asked.captured_at,
        "content": asked.content,
    }
    return hashlib.sha256(canonical(facts)).hexdigest()
