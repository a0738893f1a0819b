"""An organisation of many locations: a crew and its processes for every few of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from unittest import mock

from sqlalchemy.orm import Session

from webapp.models import Location, Organisation, Person
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, locations, organisations, people, record
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft
from webapp.services.places import Place

ZONE = "Atlantic/Reykjavik"  # never moves its clocks: a day is a day
LOCATIONS_A_CREW = 5
STAFF = ("Ana", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hana", "Ian", "Jo", "Kim", "Lin")
MANAGER = "Maya"
NAMES = (
    "Opening check",
    "Front of house",
    "Kitchen before service",
    "Fridge temperatures",
    "First delivery",
    "Allergy list",
    "Mid-morning round",
    "Lunch set-up",
    "Lunch out",
    "Hand wash stations",
    "Second delivery",
    "Afternoon round",
    "Waste and recycling",
    "Stock count",
    "Cash and safe",
    "Deep clean",
    "Closing and lock-up",
)
# Titles that the demo's people know what to write about.
_TAP, _WAIT = Requirement("timed"), Requirement("timed", min_seconds=20)
_NOTE, _PHOTO = Requirement("note"), Requirement("photo")
_READING = Requirement(
    "number", unit="°F", minimum=Decimal(33), maximum=Decimal(41), if_outside="Call for repair"
)
_USUAL = (("Every room seen", _TAP), ("Taps off", _WAIT), ("Anything broken", _NOTE))
_STEPS = {
    "Opening check": (("Front room ready", _PHOTO), *_USUAL),
    "Fridge temperatures": (
        ("Kitchen fridge", _READING),
        ("Milk fridge", _READING),
        ("Cold room", _READING),
        ("Swaps made", _NOTE),
    ),
    "Waste and recycling": (("Ground and fence", _PHOTO), *_USUAL),
    "Closing and lock-up": (("Front door locked", _PHOTO), *_USUAL),
}
_OTHER = (*_USUAL, ("Who is away today", _NOTE))


@dataclass(frozen=True, slots=True)
class Group:
    """Some locations with those who work there, by their names without the mark."""

    mark: str
    places: Sequence[Location]
    people: dict[str, Person]


def begin(session: Session, name: str, now: datetime) -> Person:
    """Begin the organisation; its owner comes with a first location, which stays without work."""
    address = f"olivia@{name.lower().replace(' ', '-')}.example"
    return organisations.create(session, name, "Office", ZONE, "Olivia", address, None, now)


def group(
    session: Session,
    owner: Person,
    mark: str,
    place_marks: Sequence[str],
    now: datetime,
    names: Sequence[str] = NAMES,
) -> Group:
    """Add locations with a crew and processes; `mark` tells their names from the other groups'.

    Nothing is planned yet.
    """
    places = [
        locations.add(session, owner.org_id, _place(each), now, owner.id) for each in place_marks
    ]
    owner.locations = [*owner.locations, *places]
    crew = {name: _hire(session, owner, name, mark, places, now) for name in (MANAGER, *STAFF)}
    # What planning would make now is made day by day with the rest.
    with mock.patch("webapp.services.planning.replan_process"):
        for draft in _drafts(crew, mark, places, names):
            definitions.save(session, owner.id, owner.org_id, draft, now)
    return Group(mark, places, crew)


def _place(mark: str) -> Place:
    return Place(f"Place {mark}", ZONE, time(6), time(18))


def _hire(
    session: Session,
    owner: Person,
    name: str,
    mark: str,
    places: Sequence[Location],
    now: datetime,
) -> Person:
    organisation: Organisation = owner.organisation
    role = "manager" if name == MANAGER else "staff"
    address = f"{name}-{mark}@{owner.org_id}.example".lower()
    person = people.add(session, organisation, f"{name} {mark}", address, role, now, places)
    facts = people.facts(person)
    record.note(session, owner.org_id, now, "person.added", owner.id, person.id, facts)
    return person


def _drafts(
    crew: dict[str, Person], mark: str, places: Sequence[Location], names: Sequence[str]
) -> Iterator[ProcessDraft]:
    for number, name in enumerate(names):
        opens = 6 * 60 + 30 + 36 * number
        yield ProcessDraft(
            name=f"{name} {mark}",
            locations=tuple(each.name for each in places),
            rrule="FREQ=DAILY",
            opens=time(*divmod(opens, 60)),
            deadline=time(*divmod(opens + 60, 60)),
            grace_minutes=5,
            chain=_chain(crew, number),
            steps=tuple(DraftStep(title, "", want) for title, want in _STEPS.get(name, _OTHER)),
            review="photos",
        )


def _chain(crew: dict[str, Person], number: int) -> tuple[DraftLevel, ...]:
    who = [crew[STAFF[(number + station * 5) % len(STAFF)]].id for station in range(3)]
    return (
        DraftLevel("assignee", who[0], 0),
        DraftLevel("backup", who[1], 5),
        DraftLevel("fallback", who[2], 20),
        DraftLevel("owner", None, 30),
    )
