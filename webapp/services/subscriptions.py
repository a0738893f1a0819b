"""Where a person's browsers take web push, and whether a message has arrived there yet."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import Person, PushSubscription
from webapp.problems import Problem
from webapp.rules.push_endpoint import SubscriptionError, check_endpoint, check_keys
from webapp.rules.sentences import say
from webapp.services import commands, record

MOST_DEVICES = 10


def subscribe(
    session: Session,
    person: Person,
    device_id: str,
    endpoint: str,
    p256dh: str,
    auth: str,
    now: datetime,
    *,
    extra_hosts: tuple[str, ...] = (),
    insecure: bool = False,
) -> PushSubscription:
    """Remember where this device takes push; a browser that changes hands changes person.

    What the push service has refused stays refused until the browser subscribes anew.
    """
    try:
        check_endpoint(endpoint, extra_hosts, insecure)
        check_keys(p256dh, auth)
    except SubscriptionError as error:
        about_keys = error.reason.startswith("bad_p256dh") or error.reason == "bad_auth"
        code = "subscription_not_valid" if about_keys else "endpoint_not_allowed"
        raise Problem(code, reason=error.reason) from error
    if commands.known_device(session, person, device_id, now).revoked_at is not None:
        raise Problem("device_signed_off")
    _forget_others_of_device(session, person, device_id, endpoint)
    row = session.scalars(
        select(PushSubscription).where(PushSubscription.endpoint == endpoint)
    ).one_or_none()
    if row is None:
        _refuse_too_many(session, person)
        row = PushSubscription(endpoint=endpoint, created_at=now)
        session.add(row)
        payload = {"device": device_id}
        record.note(session, person.org_id, now, "device.reachable", person.id, person.id, payload)
    if (row.p256dh, row.auth, row.person_id) != (p256dh, auth, person.id):
        row.confirmed_at, row.last_error = None, None
    row.org_id, row.person_id, row.device_id = person.org_id, person.id, device_id
    row.p256dh, row.auth = p256dh, auth
    session.flush()
    return row


def _forget_others_of_device(
    session: Session, person: Person, device_id: str, endpoint: str
) -> None:
    """A browser has one subscription: an older one of the same device is dead."""
    session.execute(
        delete(PushSubscription).where(
            PushSubscription.org_id == person.org_id,
            PushSubscription.device_id == device_id,
            PushSubscription.endpoint != endpoint,
        )
    )


def _refuse_too_many(session: Session, person: Person) -> None:
    if len(of_person(session, person.id)) >= MOST_DEVICES:
        raise Problem(
            "too_many_requests",
            say(
                "%(person)s has %(most)s devices already. Remove one that is not used.",
                person=person.name,
                most=MOST_DEVICES,
            ),
        )


def of_person(session: Session, person_id: str) -> list[PushSubscription]:
    """Return the person's subscriptions, oldest first."""
    query = select(PushSubscription).where(PushSubscription.person_id == person_id)
    return list(session.scalars(query.order_by(PushSubscription.created_at)))


def unsubscribe(session: Session, person: Person, subscription_id: str, now: datetime) -> None:
    """Forget one of the person's own subscriptions."""
    row = session.get(PushSubscription, subscription_id)
    if row is None or row.person_id != person.id:
        raise Problem("not_found")
    session.delete(row)
    payload = {"device": row.device_id}
    record.note(session, person.org_id, now, "device.unreachable", person.id, person.id, payload)


def confirm(session: Session, person: Person, device_id: str, now: datetime) -> None:
    """Note that a message has reached this device of the person's: it works."""
    for row in of_person(session, person.id):
        if row.device_id == device_id and row.confirmed_at is None:
            row.confirmed_at = now
