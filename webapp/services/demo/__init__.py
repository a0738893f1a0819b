"""The demo daycare: an organisation with a month behind it, made by the real services."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import Organisation, OutboxMessage, Person
from webapp.services import definitions, locations, organisations, people, pins, record
from webapp.services.definitions import (
    DraftPicture,
    DraftStep,
    ProcessDraft,
    reference_pictures,
)
from webapp.services.demo import pictures
from webapp.services.demo.history import History
from webapp.services.demo.processes import (
    DOWNTOWN,
    LOOKS,
    MAIL_DOMAIN,
    NAME,
    OWNER,
    PIN,
    RIVERSIDE,
    TEAM,
    WITHOUT_PIN,
    drafts,
)

SINCE = timedelta(days=31)
SEED = 8


def open_demo(session: Session, now: datetime, blob_dir: Path) -> Person:
    """Return the owner of the demo daycare, which is made now if there is none yet."""
    return organisations.owner_of(session, (find(session) or seed(session, now, blob_dir)).id)


def find(session: Session) -> Organisation | None:
    """Return the demo daycare, or None before it is made."""
    query = select(Organisation).where(Organisation.is_demo).order_by(Organisation.created_at)
    return session.scalars(query.limit(1)).one_or_none()


@dataclass(frozen=True, slots=True)
class Pins:
    """What everybody of the demo types at a kiosk, and who has no PIN yet."""

    pin: str
    without: str


def pins_for(person: Person) -> Pins | None:
    """Return what this person of the demo and the others type at a kiosk; None for anybody else.

    A demo of before kiosks has none.
    """
    is_set = person.organisation.is_demo and person.pin_hash is not None
    return Pins(PIN, WITHOUT_PIN) if is_set else None


def seed(session: Session, now: datetime, blob_dir: Path) -> Organisation:
    """Make the demo daycare with its last month; the same every time, but for the days.

    Photos go to `blob_dir`. Nothing of the past is sent: its messages are settled here.
    Raises "email_taken" when somebody uses an address of the demo.
    """
    since = now - SINCE
    owner = _begin(session, since)
    team = _team(session, owner, since)
    for draft in drafts({person.name: person.id for person in team}):
        shown = _with_pictures(session, owner.org_id, draft, since, blob_dir)
        definitions.save(session, owner.id, owner.org_id, shown, since)
    History(session, owner.organisation, owner, blob_dir, Random(SEED), now).play(since)  # noqa: S311
    _send_nothing_of_the_past(session, owner.org_id, now)
    session.flush()
    return owner.organisation


def _begin(session: Session, since: datetime) -> Person:
    owner = organisations.create(
        session, NAME, DOWNTOWN.name, DOWNTOWN.time_zone, OWNER, _email(OWNER), None, since
    )
    owner.organisation.is_demo = True
    locations.edit(session, owner.locations[0], DOWNTOWN, since, owner.id)
    riverside = locations.add(session, owner.org_id, RIVERSIDE, since, owner.id)
    owner.locations = [*owner.locations, riverside]
    return owner


def _team(session: Session, owner: Person, since: datetime) -> list[Person]:
    places = {place.name: place for place in owner.locations}
    team = []
    for name, (role, where) in TEAM.items():
        here = [places[place] for place in where]
        person = people.add(session, owner.organisation, name, _email(name), role, since, here)
        facts = people.facts(person)
        record.note(session, owner.org_id, since, "person.added", owner.id, person.id, facts)
        team.append(person)
    for person in (owner, *team):
        if person.name != WITHOUT_PIN:
            pins.choose(session, person, PIN, since)
    return team


def _with_pictures(
    session: Session, org_id: str, draft: ProcessDraft, now: datetime, blob_dir: Path
) -> ProcessDraft:
    """The draft with a picture of how those steps should look that have words for it."""

    def shown(step: DraftStep) -> DraftStep:
        alt = LOOKS.get(step.title)
        if alt is None:
            return step
        content = pictures.draw(step.title, Random(SEED))  # noqa: S311
        sha256 = reference_pictures.take_in(session, blob_dir, org_id, content, now)
        return replace(step, picture=DraftPicture(sha256, alt))

    return replace(draft, steps=tuple(map(shown, draft.steps)))


def _email(name: str) -> str:
    return f"{name.lower()}@{MAIL_DOMAIN}"


def _send_nothing_of_the_past(session: Session, org_id: str, now: datetime) -> None:
    session.flush()
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.org_id == org_id, OutboxMessage.next_attempt_at.is_not(None))
        .values(next_attempt_at=None, settled_at=now, outcome="not_needed", lease=None)
    )
