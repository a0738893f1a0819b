"""E-mail and the person's extra channel: rows that stand behind the push of the same fact.

They are ordinary rows of the outbox, written with the push and so with the fact itself.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, new_id
from webapp.rules import channels as rules
from webapp.services.reached import with_a_device

# Whoever makes the session says here whether this installation has a mail server.
MAIL_IS_SET_UP = "mail_is_set_up"


def stand_behind(session: Session, push: OutboxMessage, now: datetime) -> None:
    """Add the rows that tell the fact of `push` by the person's other channels."""
    person = session.get_one(Person, push.person_id)
    if person.deactivated_at is not None or not (known := of_person(session, person)):
        return
    has_device = bool(with_a_device(session, [person.id]))
    channels, wait = rules.behind(known, push.kind, has_device)
    push.id = push.id or new_id()
    for channel in channels:
        row = _behind(push, channel)
        row.created_at, row.next_attempt_at = now, now + wait
        session.add(row)


def of_person(session: Session, person: Person) -> tuple[str, ...]:
    """Return the channels other than push by which the person can be told here."""
    has_mail = bool(person.email and session.info.get(MAIL_IS_SET_UP))
    return rules.of_person(has_mail, bool(person.extra_url))


def _behind(push: OutboxMessage, channel: str) -> OutboxMessage:
    return OutboxMessage(
        org_id=push.org_id,
        person_id=push.person_id,
        dedupe_key=f"{channel}:{push.id}",
        kind=push.kind,
        channel=channel,
        behind_id=push.id,
        run_id=push.run_id,
        step_run_id=push.step_run_id,
        level=push.level,
        facts=push.facts,
        expires_at=push.expires_at,
    )
