"""An organisation with everything that a rehearsal has to know: zones, absences, odd devices."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from tests.factories import reached_by_phone
from webapp.models import Location, Organisation, Person, Process
from webapp.rules.proof_gate import Requirement
from webapp.services import absences, definitions, locations, organisations, people, places
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft
from webapp.services.other_channels import MAIL_IS_SET_UP
from webapp.services.places import Place

STEP = DraftStep("Look around", "", Requirement("note"))
DAILY = "FREQ=DAILY"
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


@dataclass
class Village:
    """Its owner, its people by name, and its places by name."""

    session: Session
    owner: Person
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)

    @property
    def org_id(self) -> str:
        return self.owner.org_id

    def away(self, who: str, first: date, days: int, now: datetime) -> None:
        last = first + timedelta(days=days - 1)
        absences.declare(self.session, self.owner, self.people[who], first, last, "", now)

    def defines(
        self,
        name: str,
        chain: tuple[str, ...],
        waits: tuple[int, ...],
        due: time,
        now: datetime,
        rrule: str = DAILY,
        places: tuple[str, ...] = ("Downtown",),
        **more: object,
    ) -> Process:
        """Saves a process; `chain` names all but the owner, `waits` are the grace and the rest."""
        draft = draft_of(name, [self.people[who].id for who in chain], waits, due, rrule, places)
        wished = replace(draft, **more)
        return definitions.save(self.session, self.owner.id, self.org_id, wished, now)


def draft_of(name, chain, waits, due, rrule=DAILY, places=("Downtown",)) -> ProcessDraft:
    """A definition of one step, with the owner last."""
    roles = ("assignee", "backup", "fallback")[: len(chain)]
    levels = [
        DraftLevel(role, person, wait)
        for role, person, wait in zip(roles, chain, (0, *waits), strict=False)
    ]
    last = DraftLevel("owner", None, waits[-1])
    return ProcessDraft(name, places, rrule, due, (*levels, last), (STEP,), grace_minutes=waits[0])


def village(session: Session, now: datetime, *, owner_has_phone: bool = True) -> Village:
    """Ana and Ben have phones that answer, Dan left, Eve is told by mail, Gus by nothing.

    Hal's phone has never answered, Ivy's is refused, and Ivy has a chat. Two places: Downtown in
    Chicago with opening hours, public holidays and a closed day, Belem in Lisbon without.
    """
    session.info[MAIL_IS_SET_UP] = True
    owner = organisations.create(
        session, "Village", "Downtown", "America/Chicago", "Olivia", None, None, now
    )
    made = Village(session, owner, {"olivia": owner})
    organisation = session.get_one(Organisation, owner.org_id)
    for who in ("ana", "ben", "dan", "eve", "fay", "gus", "hal", "ivy"):
        mail = f"{who}@village.example" if who in ("eve", "hal") else None
        made.people[who] = people.add(session, organisation, who.title(), mail, "staff", now)
    made.people["ivy"].extra_url = "json://chat.example/ivy"
    _phones(made, now, owner_has_phone)
    _places(made, now)
    session.commit()
    return made


def _phones(made: Village, now: datetime, owner_has_phone: bool) -> None:
    who = [made.people[name] for name in ("ana", "ben", "fay")]
    reached_by_phone(made.session, *who, confirmed_at=now)
    if owner_has_phone:
        reached_by_phone(made.session, made.owner, confirmed_at=now)
    reached_by_phone(made.session, made.people["hal"])
    reached_by_phone(made.session, made.people["ivy"], confirmed_at=now, last_error="410")


def _places(made: Village, now: datetime) -> None:
    session = made.session
    downtown = locations.by_name(session, made.org_id, "Downtown")
    wanted = Place(
        "Downtown",
        "America/Chicago",
        time(6, 30),
        time(18),
        closed=frozenset({now.date() + timedelta(days=2)}),
        holidays="US",
    )
    locations.edit(session, downtown, wanted, now)
    belem = places.add(session, made.org_id, Place("Belem", "Europe/Lisbon"), now, made.owner.id)
    made.places = {"Downtown": downtown, "Belem": belem}
