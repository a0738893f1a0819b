"""PINs of people: chosen by themselves, or given afresh by who looks after them."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.problems import Problem
from webapp.rules import pin as rules
from webapp.rules.sentences import N_
from webapp.services import passwords, people, pin_tries, record

WORDS = {
    "not_digits": N_("Use digits only."),
    "wrong_length": N_("Use 6 digits, or at least 4."),
    "trivial": N_("This one is easy to guess. Choose another one."),
}


def choose(session: Session, person: Person, pin: str, now: datetime) -> None:
    """Keep the person's own PIN, hashed; raises "pin_not_valid" with the field `pin`."""
    typed = "".join(pin.split())
    if why := rules.weakness(typed):
        raise Problem("pin_not_valid", WORDS[why], fields={"pin": WORDS[why]})
    _keep(session, person, person, typed, now)


def give_fresh(session: Session, actor: Person, person: Person, now: datetime) -> str:
    """Give the person a random PIN of six digits and return it: it is shown once.

    Raises "not_found" or "not_allowed" for who may not.
    """
    if actor.org_id != person.org_id:
        raise Problem("not_found")
    if not may_give(actor, person):
        raise Problem("not_allowed")
    pin = rules.fresh()
    _keep(session, actor, person, pin, now)
    return pin


def may_give(actor: Person, person: Person) -> bool:
    """Whether `actor` may give the person a PIN: they do their work with it."""
    works_here = person.deactivated_at is None
    return works_here and (actor.id == person.id or people.may_look_after(actor, person))


def _keep(session: Session, actor: Person, person: Person, pin: str, now: datetime) -> None:
    person.pin_hash, person.pin_set_at = passwords.hash_of(pin), now
    pin_tries.forget_waits(session, person)
    record.note(session, person.org_id, now, "person.pin_set", actor.id, person.id, {})
