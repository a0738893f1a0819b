"""The channel of SMS and chat: rows become a few words, sent to the address a person named."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from webapp.config import Settings
from worker import extra, outbox
from worker.by_thread import ByThread, people_of, still_to_tell
from worker.language import in_theirs, languages_of
from worker.message import bundle_key, note_of
from worker.outbox import Row, Target
from worker.parcels import Parcel, Wrapped, put_into_words
from worker.push.channel import LastsUntil, Tell
from worker.push.outcome import Outcome

# Services are many and each is slow in its own way; one that hangs leaves room for the others.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class ExtraParcel(Parcel):
    """A message that goes out through Apprise."""

    title: str
    text: str


class ExtraChannel:
    """SMS and chat services, by the address that each person has."""

    name = "extra"
    is_slow = True

    def __init__(self, admitted: tuple[str, ...], tell: Tell) -> None:
        self._admitted = admitted
        self._threads: ByThread[ExtraParcel] = ByThread(tell, AT_ONCE, self._one)

    def wrap(
        self, session: Session, rows: list[Row], settings: Settings, now: datetime
    ) -> Wrapped[ExtraParcel]:
        """One message for each person and bundle, to the address of this moment."""
        kept, verdicts = still_to_tell(session, rows, now)
        people = people_of(session, kept)
        groups: defaultdict[tuple[str, tuple[str, ...], str | None], list[Row]] = defaultdict(list)
        for row in kept:
            groups[row.person_id, bundle_key(note_of(row)), row.tried_as].append(row)
        parcels = []
        words = in_theirs(languages_of(session, kept), partial(_words, settings.public_url))
        for (person_id, *_), group in groups.items():
            address = people[person_id].extra_url if person_id in people else None
            if address is None:
                verdicts += [outbox.settled(row, "not_needed") for row in group]
                continue
            parcels += [
                ExtraParcel(tuple(told), (Target(address),), title, text)
                for told, (title, text) in put_into_words(group, words, verdicts)
            ]
        outbox.bundle(session, [parcel.rows for parcel in parcels])
        return Wrapped(parcels, verdicts)

    def send(self, wrapped: list[ExtraParcel], lasts_until: LastsUntil) -> None:
        """Begin to send."""
        self._threads.send(wrapped, lasts_until)

    def move(self, lasts_until: LastsUntil) -> None:
        """Nothing waits here but for a free thread."""

    def close(self) -> None:
        """Wait for what is being sent."""
        self._threads.close()

    def _one(self, parcel: ExtraParcel) -> Outcome:
        return extra.send(
            parcel.targets[0].address,
            parcel.title,
            parcel.text,
            tries=max(row.attempts for row in parcel.rows),
            admitted=self._admitted,
        )


def _words(public_url: str, rows: list[Row]) -> tuple[str, str]:
    return extra.words_of([note_of(row) for row in rows], public_url)
