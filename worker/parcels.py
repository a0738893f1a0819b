"""Leased rows of the outbox become parcels: what goes out as one message, and where to."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

import structlog
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.problems import Problem
from webapp.rules.push_endpoint import SubscriptionError, check_contact
from webapp.services import organisations
from worker import outbox, standing
from worker.language import in_theirs, languages_of
from worker.message import BUNDLED, Push, bundle_key, compose, note_of
from worker.outbox import Row, Verdict
from worker.standing import Targets

log = structlog.get_logger()

# Push services want a contact; this one says that the operator has not named any.
NO_CONTACT = "mailto:nobody@baton.example"
# What comes to a person so soon after the last push waits, so that it travels as one.
TOGETHER_WITHIN = timedelta(seconds=10)

Kind = TypeVar("Kind", bound="Parcel", covariant=True)
Words = TypeVar("Words")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one person: its rows, and every address it goes to."""

    rows: tuple[Row, ...]
    targets: Targets

    @property
    def lease(self) -> str:
        """The token under which its rows are in hand."""
        return self.rows[0].lease


@dataclass(frozen=True, slots=True)
class PushParcel(Parcel):
    """A message that goes out as one push to each device."""

    push: Push
    ttl: int
    contact: str


@dataclass(frozen=True, slots=True)
class Wrapped(Generic[Kind]):
    """What came of leased rows: parcels to send, and rows that need no sending (any more)."""

    parcels: list[Kind]
    verdicts: list[Verdict]


def wrap(
    session: Session,
    rows: list[Row],
    settings: Settings,
    now: datetime,
    last_told: Callable[[str], datetime | None] = lambda person: None,
) -> Wrapped[PushParcel]:
    """Group what still matters by person, bundle and the devices still to tell.

    What was tried before, and may be on a phone already, goes out as it did then and with
    nothing new, so that the phone shows one message where it would show two.

    `last_told` gives when a person's last push went out, as far as this worker knows.
    """
    verdicts = []
    matters = standing.still_matters(session, rows)
    targets = standing.targets(session, rows)
    groups: defaultdict[tuple[Targets, Hashable], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        if verdict := _without_sending(row, matters(row), targets[row.id], last_told, now):
            verdicts.append(verdict)
        else:
            together = (row.person_id, bundle_key(note_of(row)), row.tried_as)
            groups[targets[row.id] or (), together].append(row)
    contact = _Contacts(session, settings)
    push_of = in_theirs(
        languages_of(session, rows), partial(_push, outbox.over_several_runs(session, rows))
    )
    parcels = [
        PushParcel(tuple(told), devices, push, _ttl(told, now), contact.of(told[0].org_id))
        for (devices, _), group in groups.items()
        for told, push in put_into_words(group, push_of, verdicts)
    ]
    outbox.bundle(session, [parcel.rows for parcel in parcels])
    return Wrapped(parcels, verdicts)


def _without_sending(
    row: Row,
    matters: bool,
    targets: Targets | None,
    last_told: Callable[[str], datetime | None],
    now: datetime,
) -> Verdict | None:
    """What becomes of a row that is not to be sent now; None when it is."""
    if row.expires_at <= now:
        return outbox.settled(row, "expired")
    if not matters:
        return outbox.settled(row, "not_needed")
    if not targets:
        return outbox.settled(row, "accepted" if targets is None else "no_device")
    first_try = row.kind in BUNDLED and row.attempts == 1
    told = last_told(row.person_id) if first_try else None
    if told is None or not told <= now < told + TOGETHER_WITHIN <= row.expires_at:
        return None
    return outbox.put_off(row, told + TOGETHER_WITHIN)


def _push(over_several_runs: Collection[str], rows: list[Row]) -> Push:
    lead = outbox.lead_of(rows)
    return compose([note_of(row) for row in rows], lead, several_runs=lead in over_several_runs)


def put_into_words(
    rows: list[Row], words: Callable[[list[Row]], Words], verdicts: list[Verdict]
) -> list[tuple[list[Row], Words]]:
    """Return rows with the words they go out in: together, as long as that can be.

    A row that has no words even alone is refused; it keeps no other from being told.
    """
    try:
        return [(rows, words(rows))]
    except Exception:
        if len(rows) == 1:
            log.exception("a message could not be put into words", id=rows[0].id)
            why = "it could not be put into words"
            verdicts.append(outbox.settled(rows[0], "refused", why))
            return []
    alone = [each for row in rows for each in put_into_words([row], words, verdicts)]
    sound = [row for (row,), _ in alone]
    try:
        return [(sound, words(sound))] if len(sound) > 1 else alone
    except Exception:
        log.exception("messages could not be put into words together", id=sound[0].id)
        return alone


def _ttl(rows: list[Row], now: datetime) -> int:
    """Seconds until the message is worth nothing: until the next level, at least one."""
    return max(1, int((max(row.expires_at for row in rows) - now).total_seconds()))


class _Contacts:
    """Whom push services may ask, looked up once for an organisation."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session, self._settings = session, settings
        self._known: dict[str, str] = {}

    def of(self, org_id: str) -> str:
        """The operator's contact, or the owner's."""
        if self._settings.push_contact:
            return self._settings.push_contact
        if org_id not in self._known:
            self._known[org_id] = contact_of(self._session, org_id)
        return self._known[org_id]


def contact_of(session: Session, org_id: str) -> str:
    """The owner's address, for push services that want to reach the sender.

    An organisation whose owner has left keeps nobody else's messages waiting.
    """
    try:
        contact = f"mailto:{organisations.owner_of(session, org_id).email}"
        check_contact(contact)
    except (Problem, SubscriptionError):
        return NO_CONTACT
    return contact
