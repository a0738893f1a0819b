"""Where devices bring what was done: every command gets its receipt."""

import json
from datetime import datetime
from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import request
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from webapp.context import now, session
from webapp.models import Device, Person
from webapp.problems import Problem
from webapp.services import blobs, commands
from webapp.services.step_commands import Asked
from webapp.views.identity import somebody
from webapp.views.policy import SIGNED_IN, policy
from webapp.views.schemas import CommandIn, SyncIn, SyncOut

log = structlog.get_logger()
blueprint = APIBlueprint("api_sync", __name__, url_prefix="/api/v1", tag="Sync")


@blueprint.post("/sync")
@policy(SIGNED_IN)
@blueprint.input(SyncIn)
@blueprint.output(SyncOut)
def sync(json_data: SyncIn) -> dict[str, Any]:
    """Carry out a batch of commands, each in its own transaction, in the order sent."""
    person, moment = somebody(), now()
    _refuse_other_person(person)
    results = [_result(person, json_data, raw, moment) for raw in json_data.commands]
    announced = [sha256 for raw in json_data.commands if (sha256 := _blob_of(raw))]
    return {
        "batch": json_data.batch,
        "server_time": moment,
        "results": results,
        "missing_blobs": blobs.still_missing(session(), person.org_id, announced),
        "cursor": moment.isoformat(),
    }


def _refuse_other_person(person: Person) -> None:
    """What one person did on a shared phone is never sent under another one's sign-in."""
    if request.headers.get("Baton-Person", person.id) != person.id:
        raise Problem("other_person")


def _result(person: Person, batch: SyncIn, raw: object, moment: datetime) -> dict[str, Any]:
    """Return the receipt of one command; whatever is wrong with it stays its own affair."""
    try:
        command = CommandIn.model_validate(raw)
    except ValidationError as error:
        return _unreadable(person, raw, error, moment)
    asked = _asked(command, batch)
    try:
        return _carried_out(person, batch, asked, moment)
    except IntegrityError:
        # The same command came twice at once and the other was first: now it has its receipt.
        session().rollback()
        return _carried_out(person, batch, asked, moment)


def _carried_out(person: Person, batch: SyncIn, asked: Asked, moment: datetime) -> dict[str, Any]:
    try:
        done = commands.carry_out(session(), person, _device(person, batch, moment), asked, moment)
        session().commit()
    except Problem as problem:
        return _refusal(person, batch, asked, problem, moment)
    return done.result


def _refusal(
    person: Person, batch: SyncIn, asked: Asked, problem: Problem, moment: datetime
) -> dict[str, Any]:
    session().rollback()
    if problem.code == "id_reused":
        return _receipt(asked.id, problem.code, problem.detail)
    device = _device(person, batch, moment)
    kept = commands.reject(session(), person, device, asked, problem, moment)
    session().commit()
    return kept.result


def _device(person: Person, batch: SyncIn, moment: datetime) -> Device | None:
    if batch.device is None:
        return None
    return commands.known_device(session(), person, batch.device, moment)


def _asked(command: CommandIn, batch: SyncIn) -> Asked:
    content = command.model_dump(
        mode="json", include={"proof", "reason", "text"}, exclude_none=True
    )
    return Asked(
        id=command.id,
        seq=command.seq,
        kind=command.kind,
        step_run_id=command.step_run,
        attempt=command.attempt,
        captured_at=command.captured_at,
        skew_ms=command.skew_ms,
        sent_at=batch.sent_at,
        content=content,
    )


def _unreadable(
    person: Person, raw: object, error: ValidationError, moment: datetime
) -> dict[str, Any]:
    first = error.errors()[0]
    why = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    log.warning("unreadable command", why=why)
    commands.keep_unreadable(session(), person, json.dumps(raw), why, moment)
    session().commit()
    return _receipt(
        str(raw.get("id", ""))[:64] if isinstance(raw, dict) else "",
        "command_unreadable",
        f"This could not be read ({why}). It is kept in the record. Update the app.",
    )


def _receipt(command_id: str, code: str, detail: str) -> dict[str, Any]:
    return {"id": command_id, "status": "rejected", "code": code, "detail": detail}


def _blob_of(raw: object) -> str | None:
    proof = raw.get("proof") if isinstance(raw, dict) else None
    sha256 = proof.get("sha256") if isinstance(proof, dict) else None
    return sha256 if isinstance(sha256, str) and blobs.is_hash(sha256) else None
