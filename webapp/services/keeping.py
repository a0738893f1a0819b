"""How long an organisation keeps its photos, and erasing those that are older."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import Blob, Organisation, Person, Proof
from webapp.problems import Problem
from webapp.services import erasure, record
from webapp.services.erasure import photos

LONGEST = 120
AT_ONCE = 200
# Beyond that the page says only that there are more.
COUNTED = 200
# A day to think again: what is erased does not come back.
STANDS_FOR = timedelta(days=1)


def choose(session: Session, actor: Person, months: int | None, now: datetime) -> None:
    """Keep photos for so many months from tomorrow on, or for ever (None).

    Raises "not_allowed", or "months_not_valid" with the field `months`.
    """
    if actor.role != "owner":
        raise Problem("not_allowed")
    choose_for(session, actor.organisation, actor.id, months, now)


def choose_for(
    session: Session, organisation: Organisation, actor_id: str, months: int | None, now: datetime
) -> None:
    """Do the same for whoever runs Baton (`record.SYSTEM`), or an owner."""
    if months is not None and not 1 <= months <= LONGEST:
        title = Problem("months_not_valid").title
        raise Problem("months_not_valid", fields={"months": title})
    if months == organisation.photo_months:
        return
    facts = {"months": months, "before": organisation.photo_months}
    organisation.photo_months, organisation.photo_months_at = months, now
    org_id = organisation.id
    record.note(session, org_id, now, "photos.kept_for", actor_id, org_id, facts)


def begins_at(organisation: Organisation) -> datetime | None:
    """Return from when on photos are erased; None when they are kept for ever."""
    since = organisation.photo_months_at
    return since + STANDS_FOR if since and organisation.photo_months else None


def would_go(
    session: Session, org_id: str, choices: Sequence[int], now: datetime
) -> dict[int, int]:
    """Return for each number of months how many photos would go, counted up to `COUNTED` and one
    more: whatever is older than many months is older than few.
    """
    counts: dict[int, int] = {}
    found = 0
    for months in sorted(choices, reverse=True):
        if found <= COUNTED:
            old = select(Blob.sha256).where(_is_old(org_id, months, now))
            # The oldest lie together, and are the most likely to go.
            oldest = old.order_by(Blob.created_at).limit(COUNTED + 1).subquery()
            found = session.scalar(select(func.count()).select_from(oldest)) or 0
        counts[months] = found
    return counts


def older_than(session: Session, org_id: str, months: int, now: datetime) -> int:
    """Return how many photos would go if photos were kept for so many months: all are counted."""
    return session.scalar(select(func.count(Blob.sha256)).where(_is_old(org_id, months, now))) or 0


def erase_old(session: Session, now: datetime, at_most: int = AT_ONCE) -> int:
    """Say of the next photos whose time is over that they are erased; return how many.

    Of one organisation at a time, with one event. The caller commits and calls again until none
    is left; the files are removed afterwards (`erasure.finish_removing`).
    """
    for organisation in session.scalars(select(Organisation).order_by(Organisation.id)).all():
        begins, months = begins_at(organisation), organisation.photo_months
        if begins is None or months is None or begins > now:
            continue
        query = select(Blob.sha256).where(_is_old(organisation.id, months, now))
        found = session.scalars(query.order_by(Blob.created_at).limit(at_most)).all()
        if found:
            photos.mark(session, organisation.id, found, now, months)
            _note(session, organisation.id, list(found), months, now)
            return len(found)
    return 0


def _note(session: Session, org_id: str, found: list[str], months: int, now: datetime) -> None:
    counts = {"photos": len(found)}
    erasure.note(
        session, org_id, record.SYSTEM, now, "retention", photos=found, months=months, counts=counts
    )


def _is_old(org_id: str, months: int, now: datetime) -> ColumnElement[bool]:
    """Whether a blob is a photo that was given so long ago, last, and that nobody needs.

    What was given as a signature or as a file is no photo, although it may be a picture.
    """
    before = now - relativedelta(months=months)
    given_since = exists().where(
        and_(Proof.org_id == Blob.org_id, Proof.blob_sha256 == Blob.sha256),
        or_(Proof.received_at > before, Proof.kind != "photo"),
    )
    is_photo = and_(Blob.width.is_not(None), Blob.created_at <= before)
    return and_(is_photo, ~given_since, photos.may_go(org_id))
