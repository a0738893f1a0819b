"""Small organisations for tests, made by the real services."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import kept
from webapp.models import (
    ChainLevel,
    Location,
    Organisation,
    Person,
    Process,
    ProcessVersion,
    PushSubscription,
    Step,
    new_id,
)
from webapp.services import organisations, planning, sign_in


@dataclass
class Crew:
    """An organisation with an owner and staff who know each other by name."""

    organisation: Organisation
    location: Location
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def org_id(self) -> str:
        return self.organisation.id


def crew_of_a_daycare(session: Session, now: datetime, *, name: str = "Sunflower") -> Crew:
    """Olivia owns it; Maya manages; Ana, Ben and Fay work at Downtown in Chicago."""
    asked = ("crew", name, now)
    org_id, location_id, people = kept.once(session, asked, lambda: _hired(session, now, name))
    crew = Crew(
        kept.row(session, Organisation, org_id),
        kept.row(session, Location, location_id),
        {who: kept.row(session, Person, person_id) for who, person_id in people.items()},
    )
    session.commit()
    return crew


def _hired(session: Session, now: datetime, name: str) -> tuple[str, str, dict[str, str]]:
    owner = organisations.create(
        session,
        name,
        "Downtown",
        "America/Chicago",
        "Olivia",
        f"olivia@{name.lower()}.example",
        None,
        now,
    )
    location = owner.locations[0]
    people = {"olivia": owner}
    for who, role in (("Maya", "manager"), ("Ana", "staff"), ("Ben", "staff"), ("Fay", "staff")):
        person = Person(
            org_id=owner.org_id,
            name=who,
            email=f"{who.lower()}@{name.lower()}.example",
            role=role,
            created_at=now,
        )
        person.locations = [location]
        session.add(person)
        people[who.lower()] = person
    session.commit()
    return owner.org_id, location.id, {who: person.id for who, person in people.items()}


def proof(kind: str, **more: Any) -> dict[str, Any]:
    """The requirement of a step as it is stored."""
    base = {
        "kind": kind,
        "unit": None,
        "min": None,
        "max": None,
        "if_outside": None,
        "min_seconds": 0,
        "scan_code": None,
    }
    return base | more


FRIDGE = proof("number", unit="°F", min="33", max="41", if_outside="Move the food.")


def process(
    session: Session,
    crew: Crew,
    now: datetime,
    *,
    name: str = "Opening check",
    steps: tuple[tuple[str, dict[str, Any]], ...] = (("Front room ready", proof("photo")),),
    review: str = "photos",
    grace: int = 5,
    waits: tuple[int, int] = (20, 30),
    deadline: time = time(7, 15),
    opens: time | None = time(6, 30),
    rrule: str = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    remind: int | None = None,
    reached_within: int | None = None,
    later: dict[str, dict[str, dict[str, Any]]] | None = None,
) -> Process:
    """A process at the crew's location, due 07:15 local, Ana then Ben then Fay then the owner.

    `later` says what a step of that title waits for; it names the earlier steps by their titles.
    """
    made = Process(org_id=crew.org_id, name=name, version_number=1, created_at=now)
    version = ProcessVersion(
        process=made,
        number=1,
        name=name,
        rrule=rrule,
        starts_on=now.date(),
        opens=opens,
        deadline=deadline,
        grace_minutes=grace,
        remind_minutes=remind,
        reached_within_minutes=reached_within,
        review=review,
        created_at=now,
        locations=[crew.location],
    )
    for position, (title, requirement) in enumerate(steps, start=1):
        version.steps.append(
            Step(
                position=position,
                title=title,
                proof_kind=requirement["kind"],
                requirement=requirement,
                may_skip=False,
                key=new_id(),
            )
        )
    key_of = {step.title: step.key for step in version.steps}
    for step in version.steps:
        for part, asked in (later or {}).get(step.title, {}).items():
            setattr(step, part, asked | {"step": key_of[asked["step"]]})
    stations = (
        ("assignee", crew.ana, 0),
        ("backup", crew.ben, grace),
        ("fallback", crew.fay, waits[0]),
    )
    for level, (role, person, wait) in enumerate((*stations, ("owner", None, waits[1]))):
        version.chain.append(ChainLevel(level=level, role=role, person=person, wait_minutes=wait))
    session.add(made)
    session.flush()
    planning.replan_process(session, made, now)
    session.commit()
    return made


def signed_in(app: Flask, session: Session, person: Person, now: datetime) -> FlaskClient:
    """A browser in which the person is signed in, that says where its requests come from."""
    started = sign_in.start_session(session, person, now)
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = started.id, True
    client.environ_base["HTTP_BATON_CLIENT"] = "1"
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def reached_by_phone(
    session: Session,
    *people: Person,
    device: str = "phone",
    confirmed_at: datetime | None = None,
    last_error: str | None = None,
) -> None:
    """These people have a phone that takes push; with `confirmed_at` it is known to work."""
    for person in people:
        row = PushSubscription(
            org_id=person.org_id,
            person_id=person.id,
            device_id=f"{device}-of-{person.name}",
            endpoint=f"https://push.example/{person.id}/{device}",
            p256dh="p",
            auth="a",
            created_at=person.created_at,
            confirmed_at=confirmed_at,
            last_error=last_error,
        )
        session.add(row)
    session.commit()
