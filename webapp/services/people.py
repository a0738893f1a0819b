"""People: who works here, in which role, and who may change that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Location, Organisation, Person
from webapp.models.person import ROLES
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import invitations, leaving, reach, record, sign_in
from webapp.services.names import clean_email, clean_name, flush_unique, kept_email, taken


def add(
    session: Session,
    organisation: Organisation,
    name: str,
    email: str | None,
    role: str,
    now: datetime,
    locations: Sequence[Location] = (),
) -> Person:
    """Add a person who cannot sign in yet.

    Raises "name_missing", "name_taken", "email_not_valid", "email_taken" or "role_unknown".
    Notes no event: the caller knows who does this, and why.
    """
    person = Person(
        organisation=organisation,
        name=_free_name(session, organisation.id, name),
        email=_free_email(session, email),
        role=_known_role(role),
        locations=list(locations),
        created_at=now,
    )
    session.add(person)
    flush_unique(session)
    return person


def invite(
    session: Session,
    inviter: Person,
    name: str,
    email: str | None,
    role: str,
    locations: Sequence[Location],
    now: datetime,
) -> tuple[Person, str]:
    """Add a person and return them with the one-time secret of their invitation.

    Managers invite staff and managers to their own locations; only owners make owners
    ("not_allowed"). Also raises what `add` raises.
    """
    _may_give(inviter, _known_role(role))
    reach.check(inviter, locations)
    person = add(session, inviter.organisation, name, email, role, now, locations)
    record.note(session, person.org_id, now, "person.invited", inviter.id, person.id, facts(person))
    return person, invitations.create(session, person, now)


def invite_again(session: Session, inviter: Person, person: Person, now: datetime) -> str:
    """Return the secret of a new invitation; the ones before it end.

    It is also the way back for somebody who forgot the password, or who had left.
    """
    _may_look_after(inviter, person)
    person.deactivated_at = None
    record.note(session, person.org_id, now, "person.invited", inviter.id, person.id, facts(person))
    return invitations.create(session, person, now)


def change(
    session: Session,
    actor: Person,
    person: Person,
    now: datetime,
    *,
    name: str | None = None,
    role: str | None = None,
    locations: Sequence[Location] | None = None,
) -> None:
    """Rename a person, give another role or other locations; None leaves it as it is.

    Raises "not_allowed", "last_owner", "name_taken", "name_missing" or "role_unknown".
    """
    _may_look_after(actor, person)
    before = facts(person)
    if name is not None and clean_name(name) != person.name:
        person.name = _free_name(session, person.org_id, name)
    if role is not None and role != person.role:
        _give_role(session, actor, person, role)
    if locations is not None:
        reach.check(actor, locations)
        person.locations = list(locations)
    flush_unique(session)
    if (after := facts(person)) != before:
        record.note(session, person.org_id, now, "person.changed", actor.id, person.id, after)


def deactivate(session: Session, actor: Person, person: Person, now: datetime) -> None:
    """End a person's access at once; what they hold moves on with the engine's next look.

    Raises "not_allowed" or "last_owner".
    """
    _may_look_after(actor, person)
    if person.deactivated_at is not None:
        return
    _keep_an_owner(session, person)
    person.deactivated_at = now
    person.password_hash = person.pin_hash = person.pin_set_at = None
    sign_in.end_all_sessions(session, person, now)
    sign_in.withdraw_tokens(session, person, now)
    invitations.void(session, person, now)
    leaving.let_go(session, person, now)
    record.note(session, person.org_id, now, "person.deactivated", actor.id, person.id, {})


def of(session: Session, org_id: str, person_id: str) -> Person:
    """Return the organisation's person of this id, or raise "not_found"."""
    person = session.get(Person, person_id)
    if person is None or person.org_id != org_id:
        raise Problem("not_found")
    return person


def by_name(session: Session, org_id: str, name: str) -> Person:
    """Return the organisation's active person of this name, or raise "person_unknown"."""
    person = session.scalar(
        select(Person).where(
            Person.org_id == org_id,
            Person.name == " ".join(name.split()),
            Person.deactivated_at.is_(None),
        )
    )
    if person is None:
        raise Problem(
            "person_unknown",
            say("Nobody called “%(name)s” works here. Invite them first.", name=name),
        )
    return person


def by_email(session: Session, email: str) -> Person:
    """Return the active person of this e-mail address, or raise "person_unknown"."""
    person = session.scalar(
        select(Person).where(Person.email == kept_email(email), Person.deactivated_at.is_(None))
    )
    if person is None:
        raise Problem("person_unknown", say("Nobody signs in with “%(email)s”.", email=email))
    return person


def all_of(session: Session, org_id: str) -> list[Person]:
    """Return the organisation's people, those who left last, by name."""
    query = select(Person).where(Person.org_id == org_id)
    return list(session.scalars(query.order_by(Person.deactivated_at.is_not(None), Person.name)))


def may_look_after(actor: Person, person: Person) -> bool:
    """Whether `actor` may change, invite again or deactivate `person`.

    A new link gives a new password, so a manager's reach ends where it would open the account of
    another manager, of an owner, or of somebody who works where the manager does not. Nobody
    looks after who was erased.
    """
    if person.erased_at is not None:
        return False
    if actor.role == "owner":
        return True
    if actor.role != "manager" or person.role == "owner":
        return False
    if not all(reach.manages(actor, location) for location in person.locations):
        return False
    return person.role == "staff" or (person.password_hash is None and not person.deactivated_at)


def facts(person: Person) -> dict[str, Any]:
    """Return what the record keeps of a person."""
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "locations": sorted(location.id for location in person.locations),
    }


def _may_look_after(actor: Person, person: Person) -> None:
    if actor.org_id != person.org_id:
        raise Problem("not_found")
    if person.erased_at is not None:
        raise Problem("person_erased")
    if not may_look_after(actor, person):
        reach.check(actor, person.locations)
        raise Problem("not_allowed")


def _may_give(actor: Person, role: str) -> None:
    if actor.role == "owner" or (actor.role == "manager" and role != "owner"):
        return
    sentence = say("Only an owner can make somebody an owner.")
    raise Problem("not_allowed", sentence, fields={"role": sentence})


def _give_role(session: Session, actor: Person, person: Person, role: str) -> None:
    _may_give(actor, _known_role(role))
    _keep_an_owner(session, person)
    person.role = role


def _keep_an_owner(session: Session, leaving: Person) -> None:
    """Refuse to let the last owner go; the owners are locked so that two cannot go at once."""
    if leaving.role != "owner":
        return
    owners = session.scalars(
        select(Person.id)
        .where(
            Person.org_id == leaving.org_id,
            Person.role == "owner",
            Person.deactivated_at.is_(None),
            Person.password_hash.is_not(None),
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if not set(owners) - {leaving.id}:
        raise Problem("last_owner")


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise Problem("role_unknown", fields={"role": Problem("role_unknown").title})
    return role


def _free_name(session: Session, org_id: str, name: str) -> str:
    name = clean_name(name)
    same = select(func.count()).where(Person.org_id == org_id, Person.name == name)
    if session.scalar(same):
        raise taken("name_taken", "name")
    return name


def _free_email(session: Session, text: str | None) -> str | None:
    email = clean_email(text)
    if email and session.scalar(select(func.count()).where(Person.email == email)):
        raise taken("email_taken", "email")
    return email
