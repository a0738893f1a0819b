"""One line of the table, and how things are timed."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, our figure and the peer's, ours in times of the peer's, and the goal."""

    what: str
    ours: str
    peer: str
    ratio: str
    goal: str
    note: str = ""


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def times(ratio: float) -> str:
    """A ratio as the table shows it."""
    return f"{ratio:.1f}x" if ratio < 100 else f"{ratio:.0f}x"
