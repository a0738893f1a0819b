"""What a device is called: told by its browser at first contact, changed by people."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Device, Person
from webapp.problems import Problem
from webapp.rules import device_names
from webapp.rules.sentences import say
from webapp.services import names, record


def recognise(session: Session, device: Device, user_agent: str) -> None:
    """Note once what kind of thing it is; a second of a kind of the same person says which."""
    kind = device_names.kind_of(user_agent)
    if device.kind is not None or kind is None:
        return
    same = select(Device.id).where(
        Device.org_id == device.org_id,
        Device.person_id == device.person_id,
        Device.kind == kind,
        Device.id != device.id,
    )
    is_second = session.scalars(same.limit(1)).first() is not None
    device.kind = f"{kind} {device_names.short(device.id)}" if is_second else kind


def rename(session: Session, actor: Person, device: Device, name: str, now: datetime) -> None:
    """Call the device so from now on; with nothing, it is called by its person and kind again.

    Raises "not_valid" for a name over 60 characters.
    """
    new = names.clean_name(name) if name.strip() else None
    if new is not None and len(new) > device_names.LONGEST:
        words = say("Use a name of at most %(most)s characters.", most=device_names.LONGEST)
        raise Problem("not_valid", words, fields={"name": words})
    if new == device.name:
        return
    payload = {"person": device.person_id, "from": device.name, "to": new}
    device.name = new
    record.note(session, device.org_id, now, "device.renamed", actor.id, device.id, payload)
