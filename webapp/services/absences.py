"""Absences: planned ones and "sick today". Who is away holds nothing, and gets it back."""

from datetime import date, datetime, timedelta
from typing import NoReturn

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models import Absence, Location, Person
from webapp.problems import Problem
from webapp.rules.moment_words import earliest_today, local_date
from webapp.rules.sentences import say
from webapp.services import leaving, people, proofs, record

LONGEST = timedelta(days=366)
REASON_LENGTH = 200


def declare(
    session: Session,
    actor: Person,
    person: Person,
    first_day: date,
    last_day: date,
    reason: str,
    now: datetime,
    turn_id: str | None = None,
) -> Absence:
    """Note that a person is away on these local days, both included.

    What they hold and would have to do while away moves on with the engine's next look; what
    opens meanwhile begins with the next in the chain. People say it of themselves, owners and
    managers of those they look after; the same days twice are one absence. Raises "not_allowed"
    or "absence_not_valid": also for a first day before yesterday. What was due on a past day has
    moved on already, so such a day would only claim to explain it; yesterday is allowed for who
    has been sick since then, and for a shift that goes over midnight.
    """
    _may_say(actor, person)
    for known in of_person(session, person, now):
        if (known.first_day, known.last_day) == (first_day, last_day):
            return known
    _check(first_day, last_day, first_possible(session, person, now))
    absence = Absence(
        org_id=person.org_id,
        person=person,
        first_day=first_day,
        last_day=last_day,
        reason=" ".join(reason.split())[:REASON_LENGTH],
        created_by=actor,
        created_at=now,
    )
    session.add(absence)
    session.flush()
    leaving.let_go_while_away(session, person, now)
    _note(session, actor, absence, "person.away", now, turn_id)
    return absence


def sick_today(
    session: Session, actor: Person, person: Person, now: datetime, turn_id: str | None = None
) -> Absence:
    """Note that a person is away today, wherever they work; saying it twice changes nothing.

    `turn_id`: the turn at a kiosk in which it was said.
    """
    _may_say(actor, person)
    first_day, last_day = todays(session, person, now)
    for absence in of_person(session, person, now):
        if absence.first_day <= first_day and last_day <= absence.last_day:
            return absence
    return declare(session, actor, person, first_day, last_day, "Sick", now, turn_id)


def end(
    session: Session, actor: Person, absence: Absence, now: datetime, turn_id: str | None = None
) -> int:
    """End an absence, or take back one that lies ahead; how many steps came back.

    What moved on only because of it, and was not missed yet, is handed back.
    """
    _may_say(actor, absence.person)
    if absence.ended_at is not None:
        return 0
    absence.ended_at = now
    session.flush()
    _note(session, actor, absence, "person.back", now, turn_id)
    return leaving.take_back(session, absence.person, now)


def of(session: Session, actor: Person, absence_id: str) -> Absence:
    """Return an absence of the actor's organisation that they may change, or "not_found"."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.org_id != actor.org_id or not may_say(actor, absence.person):
        raise Problem("not_found")
    return absence


def of_person(session: Session, person: Person, now: datetime) -> list[Absence]:
    """Return a person's absences of today and later, the earliest first."""
    query = _ahead(now).where(Absence.person_id == person.id)
    return list(session.scalars(query))


def ahead(session: Session, actor: Person, now: datetime) -> list[Absence]:
    """Return the absences of today and later that the actor may see: of those they look after."""
    found = session.scalars(_ahead(now).where(Absence.org_id == actor.org_id))
    return [absence for absence in found if may_say(actor, absence.person)]


def may_say(actor: Person, person: Person) -> bool:
    """Whether the actor may say that the person is away: themselves, or who looks after them."""
    if actor.org_id != person.org_id:
        return False
    return actor.id == person.id or people.may_look_after(actor, person)


def todays(session: Session, person: Person, now: datetime) -> tuple[date, date]:
    """Return the first and the last of the dates that it is now where the person works."""
    everywhere = select(Location).where(Location.org_id == person.org_id)
    places = person.locations or session.scalars(everywhere).all()
    dates = [local_date(now, place.time_zone) for place in places] or [now.date()]
    return min(dates), max(dates)


def first_possible(session: Session, person: Person, now: datetime) -> date:
    """Return the first day that an absence noted now can have: yesterday, where they work."""
    return todays(session, person, now)[0] - timedelta(days=1)


def _ahead(now: datetime) -> Select[Absence]:
    return (
        select(Absence)
        .where(Absence.ended_at.is_(None), Absence.last_day >= earliest_today(now))
        .order_by(Absence.first_day, Absence.id)
    )


def _may_say(actor: Person, person: Person) -> None:
    if not may_say(actor, person):
        raise Problem("not_allowed" if actor.org_id == person.org_id else "not_found")


def _check(first_day: date, last_day: date, first_possible: date) -> None:
    if last_day < first_day:
        _refuse("last_day", say("The last day is before the first. Write the earlier day first."))
    if last_day <= first_possible:
        _refuse("last_day", say("These days are over. Write days from today on."))
    if first_day < first_possible:
        _refuse(
            "first_day",
            say("An absence begins yesterday at the earliest: what was due before has moved on."),
        )
    if last_day - first_day > LONGEST:
        _refuse(
            "last_day",
            say("This is over a year. Deactivate the person instead, or write fewer days."),
        )


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Problem("absence_not_valid", sentence, fields={field: sentence})


def _note(
    session: Session,
    actor: Person,
    absence: Absence,
    kind: str,
    now: datetime,
    turn_id: str | None,
) -> None:
    payload = {
        "person": {"id": absence.person.id, "name": absence.person.name},
        "first_day": absence.first_day.isoformat(),
        "last_day": absence.last_day.isoformat(),
    } | proofs.at_kiosk(session, absence.org_id, turn_id)
    record.note(session, absence.org_id, now, kind, actor.id, absence.person_id, payload)
