"""The facts that chain lint looks at, gathered for one draft."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Absence, ChainLevel, Location, Person, Process, ProcessVersion
from webapp.rules.cadence import Occurrence, load_zone
from webapp.rules.chain_lint import AHEAD
from webapp.rules.later_ahead import ahead
from webapp.rules.lint_facts import Facts, LaterDue, Place, Station, Window
from webapp.rules.moment_words import local_date
from webapp.services import calendars, organisations, reachability
from webapp.services.definitions import current_version, preview
from webapp.services.definitions.check import places_of
from webapp.services.definitions.draft import DEFAULT_WAITS, DraftLevel, ProcessDraft, draft_of
from webapp.services.definitions.later import steps_ahead

_DAY = timedelta(days=1)


def gather(
    session: Session, org_id: str, draft: ProcessDraft, now: datetime, process: Process | None
) -> Facts:
    """The facts of a draft that may follow `process`; what is unclear in it is left out."""
    current = current_version(process) if process else None
    places = list(places_of(session, org_id, draft.locations).values())
    dues = {place: preview.within(draft, place, now, now + AHEAD, current) for place in places}
    chain = _chain(session, org_id, draft, now)
    return Facts(
        chain=chain,
        today=local_date(now, places[0].time_zone) if places else now.date(),
        places=tuple(_place(draft, place, found) for place, found in dues.items()),
        proofs=tuple(step.requirement.kind for step in draft.steps if step.title.strip()),
        windows=tuple(
            window for place, found in dues.items() for window in _windows(draft, place, found)
        ),
        others=tuple(_other_windows(session, org_id, process, chain, now)),
        opens=None if draft.opens_days_before else draft.opens,
    )


def _chain(
    session: Session, org_id: str, draft: ProcessDraft, now: datetime
) -> tuple[Station, ...]:
    """The stations that name somebody who works here, and the owner."""
    owner = organisations.owner_of(session, org_id)
    levels = {level.role: level for level in draft.chain}
    named = [
        levels.get(role, DraftLevel(role, None, 0)) for role in ("assignee", "backup", "fallback")
    ]
    query = select(Person).where(
        Person.org_id == org_id,
        Person.deactivated_at.is_(None),
        Person.id.in_([level.person_id for level in named if level.person_id]),
    )
    people = {person.id: person for person in session.scalars(query)}
    last = levels.get("owner", DraftLevel("owner", None, DEFAULT_WAITS["owner"]))
    stations = [
        *((level, people[level.person_id]) for level in named if level.person_id in people),
        (last, owner),
    ]
    reached = reachability.of_people(session, [person for _, person in stations])
    gone = _gone(session, [person for _, person in stations], now)
    return tuple(
        Station(
            role=level.role,
            person=person.id,
            name=person.name,
            wait=timedelta(minutes=_wait(draft, level)),
            works_at=_works_at(person),
            gone=gone[person.id],
            has_device=not reached[person.id].lacks_device,
            has_joined=person.password_hash is not None,
        )
        for level, person in stations
    )


def _wait(draft: ProcessDraft, level: DraftLevel) -> int:
    waits = {"assignee": 0, "backup": draft.grace_minutes}
    return waits.get(level.role, level.wait_minutes)


def _works_at(person: Person) -> frozenset[str] | None:
    """Owners, and people without any location, work everywhere."""
    if person.role == "owner" or not person.locations:
        return None
    return frozenset(place.id for place in person.locations)


def _gone(session: Session, people: Sequence[Person], now: datetime) -> dict[str, frozenset[date]]:
    """On which local dates each is away, or every location of theirs is closed."""
    first, last = now.date() - _DAY, (now + AHEAD).date() + _DAY
    gone = {person.id: _days_off(person, first, last) for person in people}
    query = select(Absence).where(
        Absence.person_id.in_(gone),
        Absence.ended_at.is_(None),
        Absence.first_day <= last,
        Absence.last_day >= first,
    )
    for absence in session.scalars(query):
        gone[absence.person_id] |= set(
            _days(max(first, absence.first_day), min(last, absence.last_day))
        )
    return {person: frozenset(days) for person, days in gone.items()}


def _days_off(person: Person, first: date, last: date) -> set[date]:
    if _works_at(person) is None:
        return set()
    closed = (calendars.closed_between(place, first, last) for place in person.locations)
    return set(frozenset.intersection(*closed))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))


def _place(draft: ProcessDraft, place: Location, dues: Sequence[Occurrence]) -> Place:
    zone = load_zone(place.time_zone)
    steps = steps_ahead(draft.steps)
    later = (step for each in dues for step in ahead(steps, each.deadline_at, each.opens_at))
    return Place(
        id=place.id,
        name=place.name,
        dues=tuple(each.deadline_at.astimezone(zone) for each in dues),
        hours=(place.opens, place.closes) if place.opens and place.closes else None,
        later=tuple(
            LaterDue(int(each.key), each.title, each.deadline_at.astimezone(zone))
            for each in later
            if each.opens_at is not None
        ),
    )


def _windows(
    draft: ProcessDraft,
    place: Location,
    dues: Iterable[Occurrence],
) -> Iterator[Window]:
    """When the responsible person and the backup of a definition have its steps at a location."""
    zone = load_zone(place.time_zone)
    levels = {
        level.role: level for level in draft.chain if level.role == "owner" or level.person_id
    }
    behind = levels.get("fallback") or levels.get("owner")
    wait = behind.wait_minutes if behind else DEFAULT_WAITS["owner"]
    for each in dues:
        told = each.deadline_at + timedelta(minutes=draft.grace_minutes)
        spans = {
            "assignee": (each.opens_at, each.deadline_at),
            "backup": (told, told + timedelta(minutes=wait)),
        }
        for role, (first, last) in spans.items():
            if level := levels.get(role):
                yield Window(
                    draft.name.strip(),
                    place.id,
                    str(level.person_id),
                    role,
                    len(draft.steps),
                    first.astimezone(zone),
                    last.astimezone(zone),
                )


def _other_windows(
    session: Session,
    org_id: str,
    process: Process | None,
    chain: Iterable[Station],
    now: datetime,
) -> Iterator[Window]:
    """The windows of all other processes that the responsible person or the backup has."""
    people = {each.person for each in chain if each.role in ("assignee", "backup")}
    query = (
        select(ProcessVersion)
        .join(Process, Process.id == ProcessVersion.process_id)
        .where(
            Process.org_id == org_id,
            Process.retired_at.is_(None),
            Process.id != (process.id if process else ""),
            ProcessVersion.number == Process.version_number,
            ProcessVersion.chain.any(
                ChainLevel.role.in_(("assignee", "backup")) & ChainLevel.person_id.in_(people)
            ),
        )
    )
    for version in session.scalars(query).unique():
        draft = draft_of(version)
        for place in version.locations:
            dues = preview.within(draft, place, now, now + AHEAD, version)
            yield from (each for each in _windows(draft, place, dues) if each.person in people)
