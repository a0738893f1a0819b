"""Faults of each kind, weak and strong, as they would be seen of one step or one process."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.patterns_sim.world import Fault
from webapp.rules.patterns import Seen

ANYBODY = "a-third"
STEP = "s0"


def missed(share: float, *, every_step: bool = False) -> Fault:
    """One step, or any one of the process, fails in this share of the runs."""

    def plant(seen: Seen, _since: int, rng: Random) -> Seen:
        is_it = every_step or seen.step.endswith(STEP)
        return replace(seen, failed="missed") if is_it and rng.random() < share else seen

    return plant


def by_another(share: float) -> Fault:
    """Somebody else does one step, though its person is there."""
    return _on(lambda seen: replace(seen, closer=ANYBODY, first_away=False), share)


def at_the_end(share: float) -> Fault:
    """One step is closed just in time."""
    return _on(lambda seen: replace(seen, at_the_end=not seen.failed), share)


def without_its_person(share: float) -> Fault:
    """When its person is known to be away, every fourth run, the process fails this often."""

    def plant(seen: Seen, since: int, rng: Random) -> Seen:
        if since % 4:
            return replace(seen, first_away=False)
        return replace(seen, first_away=True, failed="missed" if rng.random() < share else "")

    return plant


def alone(_share: float) -> Fault:
    """Nobody but its person ever does it."""
    return lambda seen, _since, _rng: replace(seen, closer=seen.first, first_away=False)


def _on(change: Callable[[Seen], Seen], share: float) -> Fault:
    def plant(seen: Seen, _since: int, rng: Random) -> Seen:
        return change(seen) if seen.step.endswith(STEP) and rng.random() < share else seen

    return plant
