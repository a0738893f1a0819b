"""A person's extra channel: one SMS or chat address, set by them or by who looks after them.

The address holds a secret. It is kept to send with; the record and every answer show only the
service and the address's end.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.apprise_address import service_of
from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.extra_channel import ExtraAddressError, check, masked, scheme_of
from webapp.rules.sentences import say
from webapp.services import people, record


def set_for(
    session: Session,
    actor: Person,
    person: Person,
    address: str | None,
    now: datetime,
    *,
    admitted: Collection[str] = (),
) -> None:
    """Keep the person's extra address, or forget it when `address` is empty.

    `admitted` are the schemes that the operator added. Raises "not_allowed" or "not_found", and
    "extra_not_valid" with the words at the field "extra_url".
    """
    _check_may(actor, person)
    kept = _checked(address, admitted) if address and address.strip() else None
    if kept == person.extra_url:
        return
    person.extra_url = kept
    payload = {"extra": shown(person)}
    record.note(session, person.org_id, now, "person.told_also", actor.id, person.id, payload)


def shown(person: Person) -> str | None:
    """Return what may be shown of the person's extra address, or None when there is none."""
    return masked(person.extra_url) if person.extra_url else None


def may_set(actor: Person, person: Person) -> bool:
    """Whether `actor` may change where else the person is told."""
    return actor.id == person.id or people.may_look_after(actor, person)


def _check_may(actor: Person, person: Person) -> None:
    if actor.org_id != person.org_id:
        raise Problem("not_found")
    if not may_set(actor, person):
        raise Problem("not_allowed")


def _checked(address: str, admitted: Collection[str]) -> str:
    try:
        kept = check(address, admitted)
    except ExtraAddressError as error:
        raise _wrong(str(error)) from None  # an address holds a secret
    if service_of(kept) is None:
        raise _wrong(
            say(
                "Part of this %(scheme_of)s address is missing. Copy it from the service again.",
                scheme_of=scheme_of(kept),
            )
        )
    return kept


def _wrong(sentence: str) -> Problem:
    return Problem("extra_not_valid", sentence, fields={"extra_url": sentence})
