"""At which level of its chain each step of the demo daycare is done, drawn as its run opens."""

from datetime import datetime, timedelta
from random import Random

from webapp.models import Run, StepRun
from webapp.rules.chain import from_json
from webapp.services.demo.processes import ATTENDANCE, LATCH, OPENING, RIVERSIDE

A_DAY = timedelta(days=1)
NEVER = 99
# In how many runs a step is forgotten: mostly, and where mornings are short of hands.
FORGOTTEN, FORGOTTEN_OFTEN = 0.06, 0.25


class Fates:
    """What becomes of each step; randomness comes from `rng` alone."""

    def __init__(self, rng: Random, until: datetime) -> None:
        self._rng = rng
        self._until = until
        self._levels: dict[str, int] = {}

    def draw(self, run: Run) -> list[tuple[StepRun, int]]:
        """Return the steps that open with the run, each with the level at which it is done."""
        steps = [each for each in run.step_runs if not each.is_later]
        unlucky = self._rng.choice(steps) if self._rng.random() < _forgotten(run) else None
        for step_run in steps:
            self._levels[step_run.id] = self._drawn(step_run, step_run is unlucky)
        return [(step_run, self._levels[step_run.id]) for step_run in steps]

    def opens(self, step_run: StepRun) -> bool:
        """Note that a step has opened later, to be done by its first; False when that is known."""
        is_new = step_run.id not in self._levels
        self._levels.setdefault(step_run.id, 0)
        return is_new

    def is_done_by_holder(self, step_run: StepRun) -> bool:
        """Whether whoever holds it now is the one who does it."""
        return self._levels[step_run.id] == step_run.level

    def start_of_work(self, run: Run, now: datetime) -> datetime:
        """Return when the first step is taken up; that of the next opening check lies ahead."""
        if self.is_next(run):
            return self._until + timedelta(minutes=1)
        window = min(run.deadline_at - now, timedelta(hours=5))
        return run.deadline_at - window * self._rng.uniform(0.45, 0.8)

    def is_next(self, run: Run) -> bool:
        """Whether this is the opening check that is on, or the next one: it is shown half done."""
        return run.process.name == OPENING and self._until < run.deadline_at <= self._until + A_DAY

    def _drawn(self, step_run: StepRun, unlucky: bool) -> int:
        if self.is_next(step_run.run):
            return 0
        if step_run.title == LATCH:
            return NEVER if self._is_last(step_run) else self._one_of((0, 0.5), (1, 0.4), (2, 1))
        return self._one_of((1, 0.65), (2, 0.25), (3, 1)) if unlucky else 0

    def _one_of(self, *chances: tuple[int, float]) -> int:
        drawn = self._rng.random()
        for level, chance in chances:
            if drawn < chance:
                return level
            drawn -= chance
        return chances[-1][0]

    def _is_last(self, step_run: StepRun) -> bool:
        """Whether this is the newest one that can have gone through the whole chain by the end."""
        chain = from_json(step_run.chain)
        at_the_owner = step_run.deadline_at + sum((level.wait for level in chain), timedelta())
        return self._until - A_DAY < at_the_owner <= self._until


def _forgotten(run: Run) -> float:
    is_short = run.process.name == ATTENDANCE and run.location.name == RIVERSIDE.name
    return FORGOTTEN_OFTEN if is_short else FORGOTTEN
