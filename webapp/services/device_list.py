"""The devices of an organisation as somebody may see them: heard from when, holding back what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from webapp.models import Device, Person, StepRun
from webapp.problems import Problem
from webapp.rules import dark
from webapp.rules.device_names import called
from webapp.services import people

# What was silent for longer and holds nothing is no device of today.
FORGOTTEN_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Seen:
    """A device, whose it is (who used it last), its light, and the steps that person holds open.

    `waiting_on` are the steps of the work that it holds, as far as it has said.
    """

    device: Device
    person: Person
    light: dark.Light
    steps: tuple[StepRun, ...] = ()
    waiting_on: tuple[StepRun, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: by the name that it was given, else by its person and kind."""
        return called(self.person.name, self.device.id, self.device.kind, self.device.name)

    @property
    def zone(self) -> str:
        """The time zone in which its times are read: of its person's first location."""
        return self.person.locations[0].time_zone if self.person.locations else "UTC"

    @property
    def unseen_losses(self) -> list[dict[str, str]]:
        """What it lost and nobody has noted yet."""
        return [loss for loss in self.device.losses if loss["seen_at"] is None]


def all_of(session: Session, asking: Person, now: datetime) -> list[Seen]:
    """Return the devices that this person may see, by person and last heard from."""
    rows = session.execute(_of(asking).where(_is_of_today(now)))
    mine = [(device, person) for device, person in rows if may_see(asking, person)]
    waiting = _waiting_on(session, asking.org_id, [device for device, _ in mine])
    return [
        Seen(device, person, _light(device, newest, now), waiting_on=waiting.get(device.id, ()))
        for device, person, newest in _ranked(mine)
    ]


def in_trouble(session: Session, asking: Person, now: datetime) -> list[Seen]:
    """Return those that hold work back for too long, or lost some that nobody has noted yet."""
    found = [
        seen
        for seen in all_of(session, asking, now)
        if seen.light == "holds_back" or seen.unseen_losses
    ]
    held = _held_open(session, {seen.person.id for seen in found})
    return [replace(seen, steps=tuple(held.get(seen.person.id, ()))) for seen in found]


def find(session: Session, asking: Person, device_id: str, *, lock: bool = False) -> Seen:
    """Return a device that this person may see, or raise not_found."""
    query = _of(asking).where(Device.id == device_id)
    if lock:
        query = query.with_for_update(of=Device).execution_options(populate_existing=True)
    row = session.execute(query).one_or_none()
    if row is None or not may_see(asking, row[1]):
        raise Problem("not_found")
    return Seen(row[0], row[1], "unknown")


def may_see(asking: Person, person: Person) -> bool:
    """Everybody sees their own devices, and those of the people they look after."""
    return asking.id == person.id or people.may_look_after(asking, person)


def _is_of_today(now: datetime) -> ColumnElement[bool]:
    since = now - FORGOTTEN_AFTER
    return or_(
        Device.last_seen_at > since,
        and_(Device.waiting > 0, Device.gone_at.is_(None)),
        Device.gone_at > since,
    )


def _waiting_on(
    session: Session, org_id: str, found: list[Device]
) -> dict[str, tuple[StepRun, ...]]:
    """The steps of the work on each of these devices, in the order of their deadlines."""
    wanted = {step for device in found for step in device.waiting_steps}
    query = select(StepRun).where(StepRun.org_id == org_id, StepRun.id.in_(wanted))
    ordered = query.order_by(StepRun.deadline_at, StepRun.position)
    steps = session.scalars(ordered).unique().all() if wanted else ()
    return {
        device.id: tuple(step for step in steps if step.id in device.waiting_steps)
        for device in found
    }


def _of(asking: Person) -> Select[Device, Person]:
    return (
        select(Device, Person)
        .join(Person, Person.id == Device.person_id)
        .where(Device.org_id == asking.org_id)
        .order_by(Person.name, Device.last_seen_at.desc(), Device.id)
    )


def _ranked(rows: Iterable[tuple[Device, Person]]) -> list[tuple[Device, Person, bool]]:
    """Say of each whether it is its person's newest; they come newest first."""
    had: set[str] = set()
    ranked = []
    for device, person in rows:
        counts = device.revoked_at is None and person.id not in had
        ranked.append((device, person, counts and person.deactivated_at is None))
        if counts:
            had.add(person.id)
    return ranked


def _light(device: Device, is_newest: bool, now: datetime) -> dark.Light:
    facts = dark.DeviceFacts(
        heard_at=device.last_seen_at,
        waiting=device.waiting,
        oldest_at=device.oldest_at,
        has_said=device.reported_at is not None,
        is_newest=is_newest,
        revoked_at=device.revoked_at,
        is_gone=device.gone_at is not None,
    )
    return dark.light(facts, now)


def _held_open(session: Session, person_ids: set[str]) -> dict[str, list[StepRun]]:
    held: dict[str, list[StepRun]] = {}
    query = select(StepRun).where(
        StepRun.holder_id.in_(person_ids), StepRun.state.in_(("open", "claimed"))
    )
    found = session.scalars(query.order_by(StepRun.deadline_at, StepRun.position)).unique()
    for step_run in found if person_ids else ():
        held.setdefault(str(step_run.holder_id), []).append(step_run)
    return held
