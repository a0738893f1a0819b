"""Faults of each kind, weak and strong, as they would be seen of one step or one process."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.patterns_sim.world import Fault
from webapp.rules.patterns import Seen

ANYBODY = "a-third"
STEP = "s0"


def missed(share: float) -> Fault:
    """One step fails in this share of the runs."""
    return _on(lambda seen: replace(seen, failed="missed"), share)


def fixed_in_vain(share: float) -> Fault:
    """One step goes on failing in this share, whatever is noted to have been done about it."""
    return missed(share)


def scattered(share: float) -> Fault:
    """Every step of the process fails in this share of the runs, now one and now another."""

    def plant(seen: Seen, _since: int, rng: Random) -> Seen:
        return replace(seen, failed="missed") if rng.random() < share else seen

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


# Fault, its strength, and the runs within which it showed in each of the seeds that were tried.
PLANTED = (
    ("repeated", missed, 1.0, 8),
    ("repeated", missed, 0.6, 25),
    ("repeated", missed, 0.4, 60),
    ("repeated", missed, 0.25, 90),
    ("fix_failed", fixed_in_vain, 1.0, 12),
    ("fix_failed", fixed_in_vain, 0.6, 30),
    ("fix_failed", fixed_in_vain, 0.4, 70),
    ("by_another", by_another, 1.0, 20),
    ("by_another", by_another, 0.7, 50),
    ("at_deadline", at_the_end, 1.0, 25),
    ("at_deadline", at_the_end, 0.7, 60),
    ("drift", scattered, 0.15, 150),
    ("one_person", without_its_person, 1.0, 50),
    ("one_person", without_its_person, 0.6, 60),
    ("one_person", alone, 1.0, 125),
)

# On what share of their days somebody's phone is dark, and the days within which that showed.
DARK = ((1.0, 15), (0.6, 30), (0.4, 70))
