"""Faults as they strike, and how each ends."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.crash.faults import kinds, sqlite
from tests.crash.faults.house import House
from tests.crash.faults.plan import Fault
from tests.crash.faults.postgresql import children
from tests.crash.faults.world import World
from webapp.models import OutboxMessage
from worker.hints import connect

SLOW = 0.7
JUMP = timedelta(hours=2)

End = Callable[[], None]


class Injector:
    """Lets faults strike in a house, and ends them. `shift` is how far the clock is off."""

    def __init__(self, house: House, world: World) -> None:
        self._house = house
        self._world = world
        self._strikes: list[Thread] = []
        self._broken: list[BaseException] = []
        self._ends: list[tuple[int, End]] = []
        self.shift = timedelta(0)

    @property
    def _database(self) -> Path:
        return self._house.disk.directory / "baton.sqlite3"

    @property
    def is_something_broken(self) -> bool:
        """Whether a fault goes on."""
        return bool(self._ends)

    def before(self, fault: Fault, beat: int) -> None:
        """What has to be broken before time goes on."""
        kind, ends_after = fault.kind, beat + fault.beats
        if kind in kinds.JUMPS:
            self.shift = JUMP if kind == "clock_forward" else -JUMP
            self._ends.append((ends_after, self._set_right))
        elif kind.startswith("at_"):
            point = kind.removeprefix("at_")
            name = "clock" if point in kinds.POINTS_OF_THE_CLOCK else "worker"
            self._house.launch(name, BATON_FAILPOINT=point)
        elif kind in kinds.PUSH:
            self._answer(fault)
        elif kind == "two_of_each":
            self._second("clock2", "worker2")
            self._ends.append((ends_after, lambda: self._without("clock2", "worker2")))
        elif kind == "holder_frozen":
            self._slow()
            self._ends.append((ends_after, self._wake_the_holder))
        elif kind == "redis_killed":
            self._ends.append((ends_after, lambda: self._house.absent.discard("redis")))

    def strike(self, fault: Fault) -> None:
        """Lets the fault strike after its delay, while other things go on."""
        strike = self._strikes_of().get(fault.kind)
        if strike:
            thread = Thread(target=self._later, args=(fault, strike), daemon=True)
            thread.start()
            self._strikes.append(thread)

    def join(self) -> None:
        """Waits until what struck has had its time."""
        for thread in self._strikes:
            while thread.is_alive():
                thread.join(0.1)
                self._house.look_after()
        self._strikes.clear()
        if self._broken:
            raise self._broken[0]

    def end(self, beat: int | None = None) -> None:
        """Ends what lasts until this beat; everything, without one."""
        over = [each for each in self._ends if beat is None or each[0] <= beat]
        self._ends = [each for each in self._ends if each not in over]
        for _, end in over:
            end()

    def _later(self, fault: Fault, strike: Callable[[Fault], None]) -> None:
        try:
            time.sleep(fault.delay)
            strike(fault)
        except BaseException as problem:  # handed to `join`
            self._broken.append(problem)

    def _strikes_of(self) -> dict[str, Callable[[Fault], None]]:
        return {
            "kill_web": lambda _: self._house.kill("web"),
            "kill_worker": lambda _: self._house.kill("worker"),
            "kill_clock": lambda _: self._house.kill("clock"),
            "kill_only_worker": lambda _: self._kill_one("worker", is_child=False),
            "kill_sender": lambda _: self._kill_one("worker", is_child=True),
            "redis_killed": lambda _: self._kill_redis(),
            "redis_flushed": lambda _: self._flush(),
            "redis_stopped": self._stop_redis,
            "postgresql_killed": lambda fault: self._end_postgresql(fault, "kill"),
            "postgresql_stopped": lambda fault: self._end_postgresql(fault, "stop_at_once"),
            "postgresql_frozen": self._freeze_postgresql,
            "sqlite_locked": self._lock_sqlite,
            "disk_full": self._fill_disk,
            "holder_frozen": lambda _: self._freeze_the_holder(),
        }

    def _kill_one(self, name: str, *, is_child: bool) -> None:
        """Kills the first process of a group, or one that it forked, and leaves the others."""
        with self._house.lock:
            if not self._house.stack.is_running(name):
                return
            first = self._house.stack.pid(name)
            pids = children(first) if is_child else [first]
            for pid in pids[:1]:
                os.kill(pid, signal.SIGKILL)

    def _kill_redis(self) -> None:
        with self._house.lock:
            self._house.absent.add("redis")
            self._house.kill("redis")

    def _flush(self) -> None:
        with connect(self._house.stack.settings.redis_address) as redis, suppress(RedisError):
            redis.flushall()

    def _stop_redis(self, fault: Fault) -> None:
        with self._house.lock:
            if not self._house.stack.is_running("redis"):
                return
            self._house.stack.pause("redis")
        time.sleep(fault.hold)
        with self._house.lock:
            if self._house.stack.is_running("redis"):
                self._house.stack.resume("redis")

    def _end_postgresql(self, fault: Fault, how: str) -> None:
        server = self._house.server
        assert server is not None, "this installation has no PostgreSQL"
        getattr(server, how)()
        time.sleep(fault.hold)
        server.start()
        self._house.forget_connections()

    def _freeze_postgresql(self, fault: Fault) -> None:
        server = self._house.server
        assert server is not None, "this installation has no PostgreSQL"
        frozen = server.freeze()
        time.sleep(fault.hold)
        server.thaw(frozen)

    def _lock_sqlite(self, fault: Fault) -> None:
        sqlite.keep_locked(self._database, fault.hold)

    def _fill_disk(self, fault: Fault) -> None:
        if not self._house.disk.can_be_full:
            return
        self._house.disk.fill()
        time.sleep(fault.hold)
        self._house.disk.free()

    def _answer(self, fault: Fault) -> None:
        """Programs the push services of one person's phones."""
        answer: dict[str, Any] = dict(kinds.ANSWERS.get(fault.kind, {}))
        if not answer:
            return
        if fault.kind == "push_429_date":
            later = datetime.now(UTC) + timedelta(seconds=15)
            answer["headers"] = {"Retry-After": format_datetime(later, usegmt=True)}
        for _, taken in self._world.members[fault.who].phones.values():
            self._house.pushes.answer(taken, times=fault.times, **answer)

    def _set_right(self) -> None:
        self.shift = timedelta(0)

    def _second(self, *names: str) -> None:
        for name in names:
            self._house.launch(name)
        for name in names:
            self._house.until(partial(self._house.works, name), f"{name} works")

    def _without(self, *names: str) -> None:
        for name in names:
            self._house.kill(name)

    def _slow(self) -> None:
        """Every push takes its time, so that somebody can be frozen in the midst of one."""
        for member in self._world.members.values():
            for _, taken in member.phones.values():
                self._house.pushes.answer(taken, delay=SLOW)

    def _freeze_the_holder(self) -> None:
        """Freezes the worker with messages in hand; another one takes its place."""
        give_up = time.monotonic() + 2
        while not self._is_in_hand() and time.monotonic() < give_up:
            time.sleep(0.01)
        while not self._freeze_outside_a_write():
            time.sleep(0.01)
        self._house.launch("worker2")

    def _freeze_outside_a_write(self) -> bool:
        """On SQLite a process that is frozen while it writes keeps everybody from writing."""
        with self._house.lock:
            if not self._house.stack.is_running("worker"):
                return True
            self._house.stack.pause("worker")
            if self._house.server or sqlite.may_write(self._database):
                return True
            self._house.stack.resume("worker")
            return False

    def _is_in_hand(self) -> bool:
        in_hand = select(OutboxMessage.id).where(OutboxMessage.lease.is_not(None)).limit(1)
        with suppress(OperationalError), self._house.stack.database() as session:
            return session.scalars(in_hand).first() is not None
        return False

    def _wake_the_holder(self) -> None:
        if self._house.stack.is_running("worker2"):
            self._house.until(lambda: self._house.works("worker2"), "worker2 works")
        with self._house.lock:
            if self._house.stack.is_running("worker"):
                self._house.stack.resume("worker")
        self._house.until(lambda: self._house.works("worker"), "worker works")
        self._without("worker2")
