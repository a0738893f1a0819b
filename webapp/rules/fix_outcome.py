"""Whether a fix held: one rule for the card, the run, the process and the patterns.

A fix did not hold at the first later run in which its step failed once more. It held after so many
clean runs in a row as would be unlikely (one in twenty) if the step still failed as often as
before: the smallest N with (1 - p)^N <= 0.05, where p is the share of failures up to the fix. For
rare failures this is the "rule of three" (Hanley and Lippman-Hand, JAMA 249 (1983) 1743-1745).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from math import ceil, log
from typing import Literal

UNLIKELY = 0.05
FEWEST, MOST = 5, 30
# Failures are counted over so many runs up to the fix; fewer than five say too little of a share.
RUNS_BEFORE, LEAST_BEFORE = 20, 5


@dataclass(frozen=True, slots=True)
class FixOutcome:
    """What became of a fix: clean runs since, of how many that it takes."""

    said: Literal["held", "did_not_hold"] | None
    clean: int
    needed: int


def clean_runs_needed(failed: int, of: int) -> int:
    """Return how many clean runs in a row show that it holds; between 5 and 30.

    Above 30 nobody would wait: what fails less than once in ten runs is called held sooner than
    the rule asks for.
    """
    share = max(failed, 1) / max(of, LEAST_BEFORE)
    if share >= 1:
        return FEWEST
    return min(MOST, max(FEWEST, ceil(log(UNLIKELY) / log(1 - share))))


def outcome(failed_since: Iterable[bool], needed: int) -> FixOutcome:
    """Return what became of a fix; `failed_since` are the later runs, the oldest first."""
    since = list(failed_since)
    clean = len(list(takewhile(lambda failed: not failed, since)))
    if clean >= needed:
        return FixOutcome("held", clean, needed)
    return FixOutcome("did_not_hold" if clean < len(since) else None, clean, needed)


def has_failed(*, missed: bool, explained: bool, sent_back: bool, could_not: bool) -> bool:
    """Return whether a step failed in a run: missed, sent back, or somebody could not do it.

    A miss that was taken back, because it proved to be done in time, is none.
    """
    return (missed and not explained) or sent_back or could_not
