"""The locations and people of a process text, added or changed one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.models import Location, Person
from webapp.models.person import ROLES
from webapp.problems import Problem
from webapp.services import locations, people, record
from webapp.services.names import clean_email, flush_unique
from webapp.services.places import Place, holidays_of, open_days_of, present
from webapp.services.places import add as add_place
from webapp.services.process_text.nodes import Field

LOCATION_KEYS = (
    "name",
    "time_zone",
    "opens",
    "closes",
    "open_days",
    "holidays",
    "open_dates",
    "closed",
)
PERSON_KEYS = ("name", "email", "role", "locations")


@dataclass(frozen=True, slots=True)
class Entry:
    """One named item of a section: its name, its place in the text and its members."""

    name: str
    field: Field
    members: Mapping[str, Field]

    def take(self, problem: Problem) -> None:
        """Tell a problem at the member that it is about, else at the item."""
        for name, sentence in problem.fields.items() or [("", problem.detail)]:
            self.members.get(name, self.field).fault(sentence)


def entries(section: Field | None, keys: tuple[str, ...]) -> Iterator[Entry]:
    """The items of a section that have a name of their own."""
    seen: set[str] = set()
    for field in section.items() if section else []:
        members = field.members(keys)
        name = " ".join((members["name"].text() or "").split()) if "name" in members else ""
        if not name:
            members.get("name", field).fault("Give it a name.")
        elif name in seen:
            members["name"].fault(f"“{name}” is there twice. Use each name once.")
        else:
            seen.add(name)
            yield Entry(name, field, members)


def apply_location(session: Session, actor: Person, entry: Entry, now: datetime) -> list[str]:
    """Add the location, or change what is named of it; what is left out stays."""
    known = {location.name: location for location in locations.all_of(session, actor.org_id)}
    existing = known.get(entry.name)
    if existing is None and "time_zone" not in entry.members:
        entry.field.fault("Give its time zone, like America/Chicago.")
        return []
    place = _place(entry, existing)
    if existing is None:
        add_place(session, actor.org_id, place, now, actor.id)
        return [f"Location added: {entry.name}"]
    before = _location_facts(existing)
    effect = locations.edit(session, existing, place, now, actor.id)
    lines = _changed(f"Location changed: {entry.name}", before, _location_facts(existing))
    is_told = lines and effect != locations.Effect()
    told = effect.sentences(now, existing.time_zone) if is_told else []
    return [*lines, *(f"  {sentence}" for sentence in told)]


def _place(entry: Entry, existing: Location | None) -> Place:
    """What the entry says of the location, over what is known of it."""
    given = entry.members
    place = replace(present(existing), name=entry.name) if existing else Place(entry.name, "")
    if "time_zone" in given:
        place = replace(place, time_zone=given["time_zone"].text() or "")
    if "opens" in given:
        place = replace(place, opens=given["opens"].clock())
    if "closes" in given:
        place = replace(place, closes=given["closes"].clock())
    if "open_days" in given:
        weekdays = tuple(item.text() or "" for item in given["open_days"].items())
        place = replace(place, open_days=weekdays)
    if "holidays" in given:
        place = replace(place, holidays=given["holidays"].text())
    if "open_dates" in given:
        place = replace(place, open_dates=_days(given["open_dates"]))
    if "closed" in given:
        place = replace(place, closed=_days(given["closed"]))
    return place


def _days(given: Field) -> frozenset[date]:
    days = (item.day() for item in given.items())
    return frozenset(day for day in days if day)


def apply_person(session: Session, actor: Person, entry: Entry, now: datetime) -> list[str]:
    """Add the person without an invitation, or change what is named of them."""
    known = {person.name: person for person in people.all_of(session, actor.org_id)}
    existing = known.get(entry.name)
    role = entry.members["role"].one_of(ROLES) if "role" in entry.members else None
    if existing is None:
        return _add_person(session, actor, entry, role or "staff", now)
    if existing.deactivated_at:
        entry.field.fault(f"{entry.name} no longer works here. Invite them again first.")
        return []
    before = _person_facts(existing)
    _change_person(session, actor, existing, entry, role, now)
    return _changed(f"Person changed: {entry.name}", before, _person_facts(existing))


def _add_person(
    session: Session, actor: Person, entry: Entry, role: str, now: datetime
) -> list[str]:
    email = entry.members["email"].text() if "email" in entry.members else None
    works_at = _works_at(session, actor.org_id, entry) or []
    person = people.add(session, actor.organisation, entry.name, email, role, now, works_at)
    facts = people.facts(person)
    record.note(session, person.org_id, now, "person.added", actor.id, person.id, facts)
    return [f"Person added: {entry.name} ({role})"]


def _change_person(
    session: Session,
    actor: Person,
    person: Person,
    entry: Entry,
    role: str | None,
    now: datetime,
) -> None:
    works_at = _works_at(session, person.org_id, entry)
    people.change(session, actor, person, now, role=role, locations=works_at)
    if "email" not in entry.members:
        return
    email = clean_email(entry.members["email"].text())
    if email != person.email:
        person.email = email
        flush_unique(session)
        facts = people.facts(person)
        record.note(session, person.org_id, now, "person.changed", actor.id, person.id, facts)


def _works_at(session: Session, org_id: str, entry: Entry) -> list[Location] | None:
    """The locations that are named; None when nothing is said about them."""
    if "locations" not in entry.members:
        return None
    known = {location.name: location for location in locations.all_of(session, org_id)}
    found = []
    for item in entry.members["locations"].items():
        name = " ".join((item.text() or "").split())
        if name in known:
            found.append(known[name])
        else:
            item.fault(f"There is no location called “{name}”. Add it under locations.")
    return found


def _location_facts(location: Location) -> dict[str, str]:
    return {
        "time_zone": location.time_zone,
        "opens": location.opens.isoformat("minutes") if location.opens else "",
        "closes": location.closes.isoformat("minutes") if location.closes else "",
        "open_days": ", ".join(open_days_of(location)).lower(),
        "holidays": holidays_of(location) or "",
        "open_dates": ", ".join(day.isoformat() for day in sorted(location.open_dates)),
        "closed": ", ".join(day.isoformat() for day in sorted(location.closed_dates)),
    }


def _person_facts(person: Person) -> dict[str, str]:
    return {
        "email": person.email or "",
        "role": person.role,
        "locations": ", ".join(sorted(location.name for location in person.locations)),
    }


def _changed(title: str, before: dict[str, str], after: dict[str, str]) -> list[str]:
    lines = [
        f"  {fact}: {after[fact] or 'none'}, was {before[fact] or 'none'}"
        for fact in after
        if after[fact] != before[fact]
    ]
    return [title, *lines] if lines else []
