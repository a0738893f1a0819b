"""One-time invitations: a secret that lets one person in once, within three days."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import Invitation, Person
from webapp.problems import Problem
from webapp.services import record, sign_in

VALID_FOR = timedelta(hours=72)


def create(session: Session, person: Person, now: datetime) -> str:
    """Return the secret of a new invitation, kept only as SHA-256; earlier ones end."""
    void(session, person, now)
    secret = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            person=person,
            secret_hash=sign_in.sha256(secret),
            created_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    session.flush()
    return secret


def peek(session: Session, secret: str, now: datetime) -> Person:
    """Return whom the secret invites, or raise "invitation_unknown"; it stays unused."""
    invitation = session.scalar(
        select(Invitation)
        .join(Invitation.person)
        .where(
            Invitation.secret_hash == sign_in.sha256(secret),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.deactivated_at.is_(None),
        )
    )
    if invitation is None:
        raise Problem("invitation_unknown")
    return invitation.person


def accept(session: Session, secret: str, password: str, now: datetime) -> Person:
    """Use the secret up, give the person this password and end their earlier sessions.

    Of two who use it in the same moment one gets in; the other, and everybody after, gets
    "invitation_unknown". A password that is refused leaves the invitation unused.
    """
    person = peek(session, secret, now)
    sign_in.set_password(session, person, password, now)
    _use_up(session, secret, now)
    sign_in.end_all_sessions(session, person, now)
    record.note(session, person.org_id, now, "person.joined", person.id, person.id, {})
    return person


def link(public_url: str, secret: str) -> str:
    """Return the address to give out; the fragment never reaches a server or its logs."""
    return f"{public_url}/join#{secret}"


def void(session: Session, person: Person, now: datetime) -> None:
    """End every unused invitation of the person."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person.id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(expires_at=now)
    )


def _use_up(session: Session, secret: str, now: datetime) -> None:
    used = session.scalar(
        update(Invitation)
        .where(
            Invitation.secret_hash == sign_in.sha256(secret),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(Invitation.id)
    )
    if used is None:
        raise Problem("invitation_unknown")
