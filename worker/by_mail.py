"""The channel of e-mail: rows become letters, handed in one after the other."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import structlog
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.mail_server import MailServer
from webapp.models import Person
from worker import outbox
from worker.by_thread import ByThread, people_of, still_to_tell
from worker.mail import AddressError, Reader, bundle_of, deliverable, write
from worker.mail_sender import MailSender
from worker.message import note_of
from worker.outbox import Row, Target, Verdict
from worker.parcels import Parcel, Wrapped
from worker.push.channel import LastsUntil, Tell
from worker.push.outcome import Outcome

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MailParcel(Parcel):
    """A message that goes out as one e-mail."""

    letter: EmailMessage


class MailChannel:
    """E-mail, over one connection for as long as there are letters."""

    name = "email"
    is_slow = True

    def __init__(self, server: MailServer | None, tell: Tell) -> None:
        self._sender = MailSender(server) if server else None
        self._threads: ByThread[MailParcel] = ByThread(tell, 1, self._hand_in, self._leave)

    def wrap(
        self, session: Session, rows: list[Row], settings: Settings, now: datetime
    ) -> Wrapped[MailParcel]:
        """One letter for each person and bundle.

        Without a mail server the rows wait: the one who wrote them knew of one.
        """
        kept, verdicts = still_to_tell(session, rows, now)
        if settings.mail is None:
            verdicts += [outbox.retried(row, now, None, "no_mail_server") for row in kept]
            return Wrapped([], verdicts)
        people = people_of(session, kept)
        groups: defaultdict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
        for row in kept:
            groups[row.person_id, bundle_of(note_of(row))].append(row)
        parcels = []
        for (person_id, _), group in groups.items():
            made = _parcel(group, people.get(person_id), settings.mail, settings.public_url, now)
            if isinstance(made, MailParcel):
                parcels.append(made)
            else:
                verdicts += made
        return Wrapped(parcels, verdicts)

    def send(self, wrapped: list[MailParcel], lasts_until: LastsUntil) -> None:
        """Begin to hand in."""
        self._threads.send(wrapped, lasts_until)

    def move(self, lasts_until: LastsUntil) -> None:
        """Nothing waits here but for the letter before it."""

    def close(self) -> None:
        """Wait for the letter that is being handed in, and take leave of the server."""
        self._threads.close()
        self._leave()

    def _hand_in(self, parcel: MailParcel) -> Outcome:
        assert self._sender is not None, "without a mail server nothing is wrapped"
        return self._sender.send(parcel.letter, parcel.targets[0].address)

    def _leave(self) -> None:
        if self._sender is not None:
            self._sender.close()


def _parcel(
    rows: list[Row], person: Person | None, server: MailServer, public_url: str, now: datetime
) -> MailParcel | list[Verdict]:
    """The letter, or the end of rows that nobody can be mailed."""
    if person is None or person.email is None:
        return [outbox.settled(row, "not_needed") for row in rows]
    reader = Reader(person.name, person.email, person.organisation.name)
    try:
        to = Target(deliverable(person.email))
        letter = write([note_of(row) for row in rows], reader, server, public_url, now)
    except AddressError:
        return [outbox.settled(row, "refused", "mail_address") for row in rows]
    except Exception:
        log.exception("an e-mail could not be put into words", id=rows[0].id)
        return [outbox.settled(row, "refused", "it could not be put into words") for row in rows]
    return MailParcel(tuple(rows), (to,), letter)
