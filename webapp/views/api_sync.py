"""Where devices bring what was done: every command gets its receipt."""

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
from webapp.views import asked, singly
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
    sender = _sender(person, json_data, moment)
    results = _together(person, json_data, moment) or [
        singly.result(sender, raw, json_data.sent_at, moment) for raw in json_data.commands
    ]
    _heard_from(person, json_data, moment)
    announced = [sha256 for raw in json_data.commands if (sha256 := blob_of(raw))]
    return {
        "batch": json_data.batch,
        "server_time": moment,
        "results": singly.put_into_words(results),
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


def _sender(person: Person, batch: SyncIn, moment: datetime) -> singly.Sender:
    def device() -> Device | None:
        if batch.device is None:
            return None
        return commands.known_device(session(), person, batch.device, moment)

    return singly.Sender(person, device)


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
    state, numbers = state_of(batch), arrived(batch, moment)
    device = devices.heard_from(session(), person, device_id, state, numbers, moment)
    device_naming.recognise(session(), device, request.user_agent.string)
    remember_device(device_id)
    session().commit()


def state_of(batch: SyncIn) -> devices.State | None:
    """Return what the device says of itself, if it does."""
    said = batch.device_state
    return devices.State(**said.model_dump()) if said else None


def arrived(batch: SyncIn, moment: datetime) -> dict[int, datetime]:
    """Return the sequence numbers of what came, readable or not, by when it was captured."""
    numbers = {}
    for raw in batch.commands:
        number = asked.number_of(raw)
        if number is not None:
            numbers[number] = asked.captured_at(raw, batch.sent_at, moment)
    return numbers


def blob_of(raw: object) -> str | None:
    """Return the hash of the bytes that a command announces, readable or not."""
    proof = raw.get("proof") if isinstance(raw, dict) else None
    sha256 = proof.get("sha256") if isinstance(proof, dict) else None
    return sha256 if isinstance(sha256, str) and blobs.is_hash(sha256) else None
