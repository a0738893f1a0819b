"""E-mail and the person's extra channel: rows that stand behind the push of the same fact.

They are ordinary rows of the outbox, written with the push and so with the fact itself.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, new_id
from webapp.services.reached import with_a_device

# A phone that is on has answered a push within seconds; half of the shortest window in which a
# holder has to be reached is left to read the e-mail before the next person is told.
BEHIND = timedelta(seconds=30)
# These ask the person for something. Of anything else a device that works is told, or nobody.
ASKING = ("handoff", "review", "sent_back")
# Whoever makes the session says here whether this installation has a mail server.
MAIL_IS_SET_UP = "mail_is_set_up"


def stand_behind(session: Session, push: OutboxMessage, now: datetime) -> None:
    """Add the rows that tell the fact of `push` by the person's other channels.

    They are due at once when no device of the person takes push, else when the push had its time.
    """
    person = session.get_one(Person, push.person_id)
    if person.deactivated_at is not None or not (channels := _channels(session, person)):
        return
    has_device = bool(with_a_device(session, [person.id]))
    if has_device and push.kind not in ASKING:
        return
    push.id = push.id or new_id()
    for channel in channels:
        row = _behind(push, channel)
        row.created_at, row.next_attempt_at = now, now + BEHIND if has_device else now
        session.add(row)


def _channels(session: Session, person: Person) -> list[str]:
    by_mail = person.email and session.info.get(MAIL_IS_SET_UP)
    return ["email"] * bool(by_mail) + ["extra"] * bool(person.extra_url)


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
