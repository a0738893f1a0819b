"""One line of the table."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, our figure, the figure beside it, and ours divided by it."""

    what: str
    ours: str
    other: str
    ratio: float


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
