"""The channel of web push: parcels wait here for room at their push service, and are sent.

No push service may hold up the others. Of one origin only so many letters are under way at a
time; when none of them comes to an end, what waits behind them is put off.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from sqlalchemy.orm import Session

from webapp.config import Settings
from worker import parcels
from worker.outbox import Row, Target
from worker.parcels import Parcel, PushParcel, Wrapped
from worker.push.letter import Letter, Subscription
from worker.push.outcome import Outcome
from worker.push.serving import Halves, Job, Senders

# Letters of one origin that may be under way at once, over all senders.
OF_ONE_ORIGIN = 128
# An origin whose letters are all under way and that answered none for so long is stuck.
STUCK_AFTER = 2.0
# A lease is counted as over this much before it is, so that nothing goes out on its last moment.
MARGIN = 0.5
REMEMBERED = 10_000

Sent = list[tuple[Target, Outcome]]
Tell = Callable[[Parcel, Sent], None]
LastsUntil = Callable[[str], float]


@dataclass(slots=True)
class _Origin:
    """One push service: what is under way to it, what waits, and when it last answered."""

    under_way: int = 0
    waiting: deque[int] = field(default_factory=deque)
    answered: float = 0.0

    def is_stuck(self, now: float) -> bool:
        return self.under_way >= OF_ONE_ORIGIN and now - self.answered > STUCK_AFTER


@dataclass(slots=True)
class _Open:
    """A parcel with targets that have no outcome yet."""

    parcel: PushParcel
    missing: int
    sent: Sent = field(default_factory=list)


class PushChannel:
    """Web push. `tell` is called for each parcel, from another thread."""

    name = "push"
    is_slow = False

    def __init__(self, halves: Halves, tell: Tell, processes: int = 0) -> None:
        self._tell = tell
        self._lock = Lock()
        self._origins: defaultdict[str, _Origin] = defaultdict(_Origin)
        self._letters: dict[int, tuple[_Open, Target, str]] = {}
        self._number = 0
        self._told: dict[str, datetime] = {}
        self._senders = Senders(halves, self._answered, processes)

    def wrap(
        self, session: Session, rows: list[Row], settings: Settings, now: datetime
    ) -> Wrapped[PushParcel]:
        """What of these rows is to be sent now, as what."""
        wrapped = parcels.wrap(session, rows, settings, now, self._told.get)
        # A message that was only a test is nothing that others could have travelled with.
        firsts = [parcel.rows[0] for parcel in wrapped.parcels]
        self._remember([row.person_id for row in firsts if row.kind != "test"], now)
        return wrapped

    def send(self, wrapped: list[PushParcel], lasts_until: LastsUntil) -> None:
        """Begin to send; `lasts_until` says how long (monotonic seconds) a lease is ours."""
        with self._lock:
            for parcel in wrapped:
                opened = _Open(parcel, len(parcel.targets))
                for target in parcel.targets:
                    self._enqueue(opened, target)
            self._move(lasts_until)

    def move(self, lasts_until: LastsUntil) -> None:
        """Begin what waited for room, and give up what waits for an origin that is stuck."""
        with self._lock:
            self._move(lasts_until)

    def close(self) -> None:
        """End the senders."""
        self._senders.close()

    def _enqueue(self, opened: _Open, target: Target) -> None:
        origin = _origin_of(target)
        self._number += 1
        self._letters[self._number] = (opened, target, origin)
        self._origins[origin].waiting.append(self._number)

    def _move(self, lasts_until: LastsUntil) -> None:
        now, jobs = time.monotonic(), list[Job]()
        for name, origin in list(self._origins.items()):
            if origin.waiting and origin.is_stuck(now):
                self._give_up(origin)
            while origin.waiting and origin.under_way < OF_ONE_ORIGIN:
                jobs.append(self._job(origin.waiting.popleft(), lasts_until))
                origin.answered = now if origin.under_way == 0 else origin.answered
                origin.under_way += 1
            if not origin.waiting and not origin.under_way:
                del self._origins[name]
        if jobs:
            self._senders.submit(jobs)

    def _job(self, number: int, lasts_until: LastsUntil) -> Job:
        opened, target, _ = self._letters[number]
        parcel = opened.parcel
        letter = Letter(
            Subscription(target.address, target.p256dh, target.auth),
            parcel.push.payload,
            parcel.ttl,
            parcel.push.urgency,
            parcel.push.topic,
            parcel.contact,
        )
        return Job(number, letter, lasts_until(parcel.lease) - MARGIN)

    def _give_up(self, origin: _Origin) -> None:
        while origin.waiting:
            self._end(origin.waiting.popleft(), Outcome("put_off", reason="stuck"))

    def _answered(self, number: int, outcome: Outcome) -> None:
        """A sender is done with a letter."""
        with self._lock:
            origin = self._origins[self._letters[number][2]]
            origin.under_way -= 1
            if outcome.status is not None:
                origin.answered = time.monotonic()
            self._end(number, outcome)

    def _end(self, number: int, outcome: Outcome) -> None:
        opened, target, _ = self._letters.pop(number)
        opened.sent.append((target, outcome))
        opened.missing -= 1
        if not opened.missing:
            if not any(each.kind == "accepted" for _, each in opened.sent):
                self._told.pop(opened.parcel.rows[0].person_id, None)
            self._tell(opened.parcel, opened.sent)

    def _remember(self, people: list[str], now: datetime) -> None:
        """Whom something was just sent to; only the last moments matter."""
        with self._lock:
            if len(self._told) > REMEMBERED:
                since = now - parcels.TOGETHER_WITHIN
                self._told = {who: told for who, told in self._told.items() if told > since}
            self._told.update(dict.fromkeys(people, now))


def _origin_of(target: Target) -> str:
    """Only to count by; whether it may be sent to is judged when the letter is sealed."""
    return target.address.partition("://")[2].partition("/")[0]
