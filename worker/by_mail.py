"""The channel of e-mail: rows become letters, handed in one after the other."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.mail_server import MailServer
from webapp.models import Person
from worker import outbox
from worker.by_thread import ByThread, people_of, still_to_tell
from worker.language import in_theirs, languages_of
from worker.mail import AddressError, Reader, bundle_of, deliverable, write
from worker.mail_sender import MailSender
from worker.message import note_of
from worker.outbox import Row, Target
from worker.parcels import Parcel, Wrapped, put_into_words
from worker.push.channel import LastsUntil, Tell
from worker.push.outcome import Outcome


@dataclass(frozen=True, slots=True)
class MailParcel(Parcel):
    """A message that goes out as one e-mail."""

    letter: EmailMessage


@dataclass(frozen=True, slots=True)
class Unmailable:
    """What becomes of rows whose person nobody can mail."""

    outcome: str
    error: str | None = None


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
        groups: defaultdict[Hashable, list[Row]] = defaultdict(list)
        for row in kept:
            groups[row.person_id, bundle_of(note_of(row)), row.tried_as].append(row)
        if settings.mail is None:
            outbox.bundle(session, groups.values())
            verdicts += [outbox.retried(row, now, None, "no_mail_server") for row in kept]
            return Wrapped([], verdicts)
        people = people_of(session, kept)
        parcels, languages = [], languages_of(session, kept)
        for group in groups.values():
            to = _reader(people.get(group[0].person_id))
            if isinstance(to, Unmailable):
                verdicts += [outbox.settled(row, to.outcome, to.error) for row in group]
                continue
            write_to = partial(_letter, to, settings.mail, settings.public_url, now)
            parcels += [
                MailParcel(tuple(told), (Target(deliverable(to.email)),), letter)
                for told, letter in put_into_words(group, in_theirs(languages, write_to), verdicts)
            ]
        outbox.bundle(session, [parcel.rows for parcel in parcels])
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


def _reader(person: Person | None) -> Reader | Unmailable:
    """Who the e-mail is for, or why there is nobody to mail."""
    if person is None or person.email is None:
        return Unmailable("not_needed")
    try:
        deliverable(person.email)
    except AddressError:
        return Unmailable("refused", "mail_address")
    return Reader(person.name, person.email, person.organisation.name)


def _letter(
    to: Reader, server: MailServer, public_url: str, now: datetime, rows: list[Row]
) -> EmailMessage:
    notes = [note_of(row) for row in rows]
    return write(notes, to, server, public_url, now, outbox.lead_of(rows))
