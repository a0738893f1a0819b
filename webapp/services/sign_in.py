"""Signing in: passwords, browsers' sessions and API tokens."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import ApiToken, Person, SignIn
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import passwords, record
from webapp.services.names import kept_email

IDLE_LIMIT = timedelta(days=30)
ABSOLUTE_LIMIT = timedelta(days=90)
TOUCH_EVERY = timedelta(hours=1)
TOKEN_PREFIX = "baton_"  # noqa: S105  (so that a leaked token can be told from other text)


def check_password(session: Session, email: str, password: str, now: datetime) -> Person:
    """Return the person of this e-mail address and password.

    Raises "wrong_sign_in" with the same words, after the same work, whether the address, the
    password or the person's place here is at fault.
    """
    person = session.scalar(
        select(Person).where(Person.email == kept_email(email), Person.deactivated_at.is_(None))
    )
    kept_hash = person.password_hash if person else None
    if not passwords.matches(kept_hash, password) or person is None:
        raise Problem("wrong_sign_in")
    if passwords.needs_rehash(str(kept_hash)):
        person.password_hash = passwords.hash_of(password)
        record.note(
            session, person.org_id, now, "person.password_rehashed", person.id, person.id, {}
        )
    return person


def start_session(session: Session, person: Person, now: datetime) -> SignIn:
    """Start a browser's session under a new unguessable id; it lasts 90 days at most."""
    started = SignIn(
        id=secrets.token_urlsafe(32),
        person=person,
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE_LIMIT,
    )
    session.add(started)
    session.flush()
    return started


def session_of(session: Session, session_id: str, now: datetime) -> SignIn | None:
    """Return the session if it is not ended, expired, idle for 30 days, or of somebody who left."""
    return session.scalar(
        select(SignIn)
        .join(SignIn.person)
        .where(
            SignIn.id == session_id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            SignIn.last_seen_at > now - IDLE_LIMIT,
            Person.deactivated_at.is_(None),
        )
    )


def touch(sign_in: SignIn, now: datetime) -> None:
    """Remember that the session is in use; once an hour is enough, so that reads stay reads."""
    if now - sign_in.last_seen_at >= TOUCH_EVERY:
        sign_in.last_seen_at = now


def end_session(sign_in: SignIn, now: datetime) -> None:
    """End the session at once."""
    sign_in.ended_at = sign_in.ended_at or now


def end_all_sessions(
    session: Session, person: Person, now: datetime, except_id: str | None = None
) -> None:
    """End every session of the person, but for the one that is asking."""
    session.execute(
        update(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.id != (except_id or ""),
        )
        .values(ended_at=now)
    )


def change_password(
    session: Session,
    person: Person,
    current: str,
    new: str,
    now: datetime,
    keep_session: str | None = None,
) -> None:
    """Give the person a new password; the other browsers must sign in again.

    Raises "wrong_sign_in" with the field `current`, or what `passwords.check` raises.
    """
    if not passwords.matches(person.password_hash, current):
        sentence = say("This is not your password. Try again.")
        raise Problem("wrong_sign_in", sentence, fields={"current": sentence})
    set_password(session, person, new, now)
    end_all_sessions(session, person, now, except_id=keep_session)


def set_password(session: Session, person: Person, new: str, now: datetime) -> None:
    """Keep the hash of a new password, or raise what `passwords.check` raises."""
    passwords.check(new, (person.name, person.email, person.organisation.name))
    person.password_hash = passwords.hash_of(new)
    record.note(session, person.org_id, now, "person.password_changed", person.id, person.id, {})


def create_token(session: Session, person: Person, now: datetime) -> str:
    """Return a new API token of the person. Only its SHA-256 is kept, so it is shown once."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(person=person, token_hash=sha256(token), created_at=now)
    session.add(made)
    session.flush()
    record.note(session, person.org_id, now, "token.created", person.id, made.id, {})
    return token


def person_of_token(session: Session, token: str) -> Person | None:
    """Return whose token this is, unless it was withdrawn or the person has left."""
    return session.scalar(
        select(Person)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(
            ApiToken.token_hash == sha256(token),
            ApiToken.withdrawn_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )


def withdraw_tokens(session: Session, person: Person, now: datetime) -> None:
    """Withdraw every API token of the person."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person.id, ApiToken.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def sha256(secret: str) -> str:
    """Return what is kept of a secret: enough to know it again, too little to use it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
