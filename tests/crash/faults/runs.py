"""Many seeded runs, one after another, with a fresh installation every so often."""

import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.faults.house import House
from tests.crash.faults.plan import Plan
from tests.crash.faults.planning import plan_of
from tests.crash.faults.play import Player
from tests.crash.faults.postgresql import FragileServer
from tests.crash.faults.verdict import Verdict, judge
from tests.crash.nursery import Nursery

RUNS_IN_A_HOUSE = 40
MOST_OF_A_LOG = 3000

Say = Callable[[str], None]


@dataclass
class Runs:
    """What many runs came to."""

    runs: int = 0
    seconds: float = 0.0
    figures: Counter[str] = field(default_factory=Counter)
    failed: dict[int, list[str]] = field(default_factory=dict)

    def add(self, verdict: Verdict) -> None:
        """Counts one more."""
        self.runs += 1
        self.figures.update(verdict.figures)
        if verdict.violations:
            self.failed[verdict.seed] = verdict.violations


class Residence:
    """Gives a house for the next run: the same one, until it has seen many runs or one failed."""

    def __init__(self, database: str) -> None:
        self._nursery = Nursery()
        self._scratch = tempfile.TemporaryDirectory(
            prefix="baton-faults-", ignore_cleanup_errors=True
        )
        self.directory = Path(self._scratch.name)
        self._server = FragileServer(self._sub("server")) if database == "postgresql" else None
        self._house: House | None = None
        self._number = 0
        self._runs = 0
        self.place = 0

    def house(self) -> House:
        """The house, built when there is none."""
        if self._house is None or self._runs >= RUNS_IN_A_HOUSE:
            self.leave()
            self._number, self._runs, self.place = self._number + 1, 0, 0
            self._house = self._build(self._sub(f"house-{self._number}"))
        self._runs += 1
        return self._house

    def _build(self, directory: Path) -> House:
        house = House(directory, self._nursery, self._server)
        try:
            return house.__enter__()
        except BaseException:
            house.__exit__(None, None, None)
            raise

    def leave(self) -> None:
        """Tears the house down."""
        if self._house is not None:
            self._house.__exit__(None, None, None)
            self._house = None

    def close(self) -> None:
        """Tears everything down."""
        self.leave()
        if self._server:
            self._server.stop()
        self._nursery.__exit__(None, None, None)
        self._scratch.cleanup()

    def _sub(self, name: str) -> Path:
        path = self.directory / name
        path.mkdir()
        return path


@contextmanager
def residence(database: str) -> Iterator[Residence]:
    """A place for runs on this database."""
    place = Residence(database)
    try:
        yield place
    finally:
        place.close()


def run(place: Residence, plan: Plan) -> tuple[Verdict, str]:
    """Plays one plan and judges it; the logs of the processes when something was wrong."""
    house = place.house()
    try:
        player = Player(house, plan, place.place)
        played = player.play()
        played.odd.extend(player.audit())
        player.retire()
        place.place = played.pockets.place
        with house.inside() as session:
            verdict = judge(session, played)
    except Exception as problem:
        where = "".join(traceback.format_tb(problem.__traceback__)[-4:])
        verdict = Verdict(plan.seed, [f"{type(problem).__name__}: {problem}", where])
    logs = house.stack.last_words(MOST_OF_A_LOG) if verdict.violations else ""
    if verdict.violations:
        place.leave()
    return verdict, logs


def run_all(database: str, seeds: range, only: str | None, say: Say, *, timeline: bool) -> Runs:
    """Runs all seeds; says each plan that failed with what was wrong and what was logged.

    Interrupted, it gives what there is so far.
    """
    total, began = Runs(), time.monotonic()
    with residence(database) as place, suppress(KeyboardInterrupt):
        for seed in seeds:
            plan = plan_of(seed, database, only)
            if timeline:
                say(plan.words())
            started = time.monotonic()
            verdict, logs = run(place, plan)
            total.add(verdict)
            say(_line(verdict, time.monotonic() - started))
            if verdict.violations:
                say(plan.words())
                say(logs)
            sys.stdout.flush()
    total.seconds = time.monotonic() - began
    return total


def _line(verdict: Verdict, seconds: float) -> str:
    how = "ok" if not verdict.violations else "FAILED"
    lines = [f"seed {verdict.seed}: {how}, {seconds:.1f} s"]
    return "\n".join([*lines, *(f"  !! {each}" for each in verdict.violations)])
