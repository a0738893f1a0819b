"""A visitor's sandbox moves into the organisation that they begin."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Person, Sandbox
from webapp.problems import Problem
from webapp.services import people, record, sandboxes
from webapp.words import gettext as _


def move_in(
    session: Session, owner: Person, sandbox: Sandbox, names: Iterable[str], now: datetime
) -> dict[str, str]:
    """Let the sandbox belong to the owner's organisation; return ids by the names it uses.

    Whoever it names and is not the owner is added to the staff, to be invited; nobody is told.
    A name that cannot be one is left out.
    """
    called = str(sandbox.content["answers"].get("owner", ""))
    ids = bring_along(session, owner, names, now, called)
    sandboxes.move_in(session, sandbox, owner.org_id)
    return ids


def bring_along(
    session: Session, owner: Person, names: Iterable[str], now: datetime, called: str = ""
) -> dict[str, str]:
    """Let everybody whom a visitor's words name be somebody of the organisation; ids by name.

    `called` is what the owner is called in them, besides their own name.
    """
    own = _own_names(owner, called)
    ids = {}
    for name in names:
        if name.casefold() in own:
            ids[name] = owner.id
        elif person := _added(session, owner, name, now):
            ids[name] = person.id
    return ids


def _own_names(owner: Person, called: str) -> set[str]:
    names = (owner.name, owner.name.split()[0], called, _("The owner"))
    return {name.casefold() for name in names if name}


def _added(session: Session, owner: Person, name: str, now: datetime) -> Person | None:
    known = {each.name.casefold(): each for each in people.all_of(session, owner.org_id)}
    if person := known.get(name.casefold()):
        return person
    try:
        person = people.add(session, owner.organisation, name, None, "staff", now, owner.locations)
    except Problem:
        return None
    record.note(
        session, person.org_id, now, "person.added", owner.id, person.id, people.facts(person)
    )
    return person
