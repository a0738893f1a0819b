"""Draining the outbox: the RQ job. RQ says only that it is time; the rows say what to do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from queue import Empty
from threading import Event

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import context
from webapp.extensions import db
from webapp.failpoint import reached
from webapp.services import engine
from worker import outbox
from worker.channels import Channel, Channels, Ended, open_channels
from worker.keeper import Keeper
from worker.settling import PAUSE_WHEN_AWAY, settle

log = structlog.get_logger()

# Rows leased at once, and parcels in hand of one channel.
BATCH = 256
IN_HAND = 1024
# What has ended is settled together: so many parcels, or what came within so many seconds.
SETTLED_AT_ONCE = 128
SETTLE_WITHIN = 0.02
# Real seconds. While something is on its way the outbox is looked into for more.
LOOK_EVERY = 0.025
# A job ends well before RQ ends it, and the next hint goes on. Where one message may take its
# time, no new one is begun in a job's second half: nobody else's waits for it when the job ends.
TAKE_FOR = 240.0
TAKE_SLOW_FOR = 120.0
SEEN_EVERY = timedelta(seconds=5)

# Set when the worker is asked to stop: nothing new is taken in hand.
stopping = Event()


def drain() -> int:
    """Send everything that is due; return how many rows were taken in hand.

    Each parcel is settled soon after it is sent, and new ones are taken meanwhile: a push
    service that is slow keeps no other message waiting.
    """
    session = context.session()
    try:
        _seen(session, context.now())
        with Keeper(db.engine, context.clock()) as keeper:
            return _Round(session, open_channels(), keeper).run()
    finally:
        db.session.remove()


class _Round:
    """One job's work: what is in hand, and until when more is taken."""

    def __init__(self, session: Session, channels: Channels, keeper: Keeper) -> None:
        self._session, self._channels, self._keeper = session, channels, keeper
        self._looking = db.engine.execution_options(only_reads=True)
        self._in_hand = {channel.name: 0 for channel in channels.all}
        self._began = self._shown = self._look_from = time.monotonic()
        self._handled = 0

    def run(self) -> int:
        """Take, send and settle until nothing is due and nothing is on its way."""
        self._settle(self._left_over())
        with self._or_nothing_is_due():
            for channel in self._channels.all:
                self._take(channel)
        while any(self._in_hand.values()):
            self._settle(self._ended())
            for channel in self._channels.all:
                channel.move(self._keeper.lasts_until)
            if time.monotonic() >= self._look_from:
                self._look()
        return self._handled

    def _look(self) -> None:
        with self._or_nothing_is_due():
            self._show()
            for channel in self._channels.all:
                if self._is_due(channel):
                    self._take(channel)

    @contextmanager
    def _or_nothing_is_due(self) -> Iterator[None]:
        """What is in hand is settled even if the database is away for a while: it would be sent
        again otherwise. With nothing in hand the job breaks off, and the next hint goes on.
        """
        try:
            yield
        except OperationalError as error:
            self._session.rollback()
            if not any(self._in_hand.values()):
                raise
            log.warning("the outbox could not be looked into", error=str(error))
            self._look_from = time.monotonic() + PAUSE_WHEN_AWAY

    def _show(self) -> None:
        """Say that the worker is alive, however long something takes to be sent."""
        if time.monotonic() - self._shown > SEEN_EVERY.total_seconds():
            self._shown = time.monotonic()
            _seen(self._session, context.now())

    def _has_room(self, channel: Channel) -> bool:
        take_for = TAKE_SLOW_FOR if channel.is_slow else TAKE_FOR
        late = stopping.is_set() or time.monotonic() > self._began + take_for
        return not late and self._in_hand[channel.name] <= IN_HAND - BATCH

    def _is_due(self, channel: Channel) -> bool:
        """Ask without taking SQLite's write lock: most looks find nothing."""
        if not self._has_room(channel):
            return False
        with self._looking.connect() as connection:
            return outbox.is_due(connection, context.now(), channel.name)

    def _take(self, channel: Channel) -> None:
        """Lease what is due, a few batches at most, and begin to send it."""
        while self._has_room(channel) and (count := self._take_batch(channel)):
            self._handled += count

    def _take_batch(self, channel: Channel) -> int:
        now, since = context.now(), time.monotonic()
        rows = outbox.lease(self._session, now, BATCH, channel.name, self._keeper.held())
        if not rows:
            self._session.rollback()
            return 0
        wrapped = channel.wrap(self._session, rows, context.settings(), now)
        outbox.write(self._session, wrapped.verdicts, now)
        self._session.commit()
        reached("after_lease")
        if wrapped.parcels:
            self._keeper.hold(rows[0].lease, len(wrapped.parcels), since)
            self._in_hand[channel.name] += len(wrapped.parcels)
            channel.send(wrapped.parcels, self._keeper.lasts_until)
        return len(rows)

    def _ended(self) -> list[Ended]:
        """What has ended: many at once while many end, and soon while few do."""
        ended: list[Ended] = []
        until = time.monotonic() + LOOK_EVERY
        while len(ended) < min(SETTLED_AT_ONCE, sum(self._in_hand.values())):
            try:
                ended.append(self._channels.ended.get(timeout=max(0.0, until - time.monotonic())))
            except Empty:
                break
            if len(ended) == 1:
                until = time.monotonic() + SETTLE_WITHIN
        return ended

    def _left_over(self) -> list[Ended]:
        """What an earlier job that broke off had in hand, and has ended since."""
        ended: list[Ended] = []
        with suppress(Empty):
            while True:
                ended.append(self._channels.ended.get_nowait())
        return ended

    def _settle(self, ended: list[Ended]) -> None:
        if not ended:
            return
        reached("after_send")
        settle(self._session, [(parcel, sent) for _, parcel, sent in ended])
        for channel, parcel, _ in ended:
            if self._keeper.let_go(parcel.lease):
                self._in_hand[channel] -= 1


def _seen(session: Session, now: datetime) -> None:
    """Say that the worker is alive; not with every job, since each write is a disk's work."""
    state = engine.state(session)
    if state.worker_seen_at is None or abs(now - state.worker_seen_at) >= SEEN_EVERY:
        state.worker_seen_at = now
    session.commit()
