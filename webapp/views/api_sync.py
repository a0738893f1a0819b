"""Where devices bring what was done: every command gets its receipt."""

import json
from datetime import datetime
from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import request
from sqlalchemy.exc import IntegrityError

from webapp.context import now, session
from webapp.models import Device, Person
from webapp.problems import Problem
from webapp.services import batches, blobs, commands, device_naming, devices
from webapp.services.step_commands import Asked
from webapp.views import asked
from webapp.views.identity import remember_device, somebody
from webapp.views.policy import SIGNED_IN, policy
from webapp.views.schemas import SyncIn, SyncOut

log = structlog.get_logger()
blueprint = APIBlueprint("api_sync", __name__, url_prefix="/api/v1", tag="Sync")


@blueprint.post("/sync")
@policy(SIGNED_IN)
@blueprint.input(SyncIn)
@blueprint.output(SyncOut)
def sync(json_data: SyncIn) -> dict[str, Any]:
    """Carry out a batch of commands in the order sent; one that fails undoes no other.

    All are kept in one transaction. What that cannot take, for whatever reason, is gone through
    one by one, each in its own. A batch may be empty: a device says that it is there, and with
    `device_state` what it holds.
    """
    person, moment = somebody(), now()
    _refuse_other_person(person)
    results = _together(person, json_data, moment) or [
        _result(person, json_data, raw, moment) for raw in json_data.commands
    ]
    _heard_from(person, json_data, moment)
    announced = [sha256 for raw in json_data.commands if (sha256 := _blob_of(raw))]
    return {
        "batch": json_data.batch,
        "server_time": moment,
        "results": results,
        "missing_blobs": blobs.still_missing(session(), person.org_id, announced),
        "signed_off": _is_signed_off(person, json_data.device),
        "cursor": moment.isoformat(),
    }


def _is_signed_off(person: Person, device_id: str | None) -> bool:
    device = session().get(Device, (person.org_id, device_id)) if device_id else None
    return device is not None and device.revoked_at is not None


def _refuse_other_person(person: Person) -> None:
    """What one person did on a shared phone is never sent under another one's sign-in."""
    if request.headers.get("Baton-Person", person.id) != person.id:
        raise Problem("other_person")


def _together(person: Person, batch: SyncIn, moment: datetime) -> list[dict[str, Any]] | None:
    """The receipts of all, in one transaction; None when they are better gone through singly."""
    if len(batch.commands) < 2:
        return None
    try:
        readable = [asked.read(raw, batch.sent_at) for raw in batch.commands]
        results = batches.carry_out(session(), person, batch.device, readable, moment)
        session().commit()
    except asked.Unreadable:
        return None
    except Exception:
        # Something that is there twice at once, two that wait for each other, a fault of ours.
        session().rollback()
        log.warning("a batch is gone through singly", exc_info=True)
        return None
    return results


def _result(person: Person, batch: SyncIn, raw: object, moment: datetime) -> dict[str, Any]:
    """Return the receipt of one command; whatever is wrong with it stays its own affair."""
    try:
        command = asked.read(raw, batch.sent_at)
    except asked.Unreadable as error:
        return _unreadable(person, raw, str(error), moment)
    try:
        return _carried_out(person, batch, command, moment)
    except IntegrityError:
        # The same command came twice at once and the other was first: now it has its receipt.
        session().rollback()
        return _carried_out(person, batch, command, moment)


def _carried_out(person: Person, batch: SyncIn, command: Asked, moment: datetime) -> dict[str, Any]:
    device = _device(person, batch, moment)
    try:
        done = commands.carry_out(session(), person, device, command, moment)
        session().commit()
    except Problem as problem:
        return _refusal(person, batch, command, problem, moment)
    return done.result


def _refusal(
    person: Person, batch: SyncIn, command: Asked, problem: Problem, moment: datetime
) -> dict[str, Any]:
    session().rollback()
    if problem.code == "id_reused":
        return commands.refused(command.id, problem.code, problem.detail)
    device = _device(person, batch, moment)
    kept = commands.reject(session(), person, device, command, problem, moment)
    session().commit()
    return kept.result


def _device(person: Person, batch: SyncIn, moment: datetime) -> Device | None:
    if batch.device is None:
        return None
    return commands.known_device(session(), person, batch.device, moment)


def _heard_from(person: Person, batch: SyncIn, moment: datetime) -> None:
    """Keep what the device says of itself; the receipts are given already."""
    if batch.device is None:
        return
    try:
        _note_device(person, batch, batch.device, moment)
    except IntegrityError:
        session().rollback()
        _note_device(person, batch, batch.device, moment)


def _note_device(person: Person, batch: SyncIn, device_id: str, moment: datetime) -> None:
    said = batch.device_state
    state = devices.State(**said.model_dump()) if said else None
    arrived = _arrived(batch, moment)
    device = devices.heard_from(session(), person, device_id, state, arrived, moment)
    device_naming.recognise(session(), device, request.user_agent.string)
    remember_device(device_id)
    session().commit()


def _arrived(batch: SyncIn, moment: datetime) -> dict[int, datetime]:
    """The sequence numbers of what came, readable or not, by when it was captured."""
    numbers = {}
    for raw in batch.commands:
        number = asked.number_of(raw)
        if number is not None:
            numbers[number] = asked.captured_at(raw, batch.sent_at, moment)
    return numbers


def _unreadable(person: Person, raw: object, why: str, moment: datetime) -> dict[str, Any]:
    log.warning("unreadable command", why=why)
    commands.keep_unreadable(session(), person, json.dumps(raw), why, moment)
    session().commit()
    return commands.refused(
        str(raw.get("id", ""))[:64] if isinstance(raw, dict) else "",
        "command_unreadable",
        f"This could not be read ({why}). It is kept in the record. Update the app.",
    )


def _blob_of(raw: object) -> str | None:
    proof = raw.get("proof") if isinstance(raw, dict) else None
    sha256 = proof.get("sha256") if isinstance(proof, dict) else None
    return sha256 if isinstance(sha256, str) and blobs.is_hash(sha256) else None
