"""What the signals are worked out of: pieces of evidence, and what is said of them in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

# These are given where the work is. A note, a signature or a tap may honestly wait for the end.
AT_ITS_SPOT = frozenset({"photo", "number", "scan", "file"})


class Piece(NamedTuple):
    """One proof that counted and whose time is proven: `at` is when it was captured.

    So what was done in the dark and sent hours later stands where it was done. `last` is the
    reading of this step at this place before it. `turn` is the turn at a kiosk.
    """

    run: str
    place: str
    step: str
    person: str
    kind: str
    at: datetime
    opens_at: datetime
    due_at: datetime
    value: Decimal | None = None
    last: Decimal | None = None
    unit: str | None = None
    turn: str | None = None

    @property
    def is_at_its_spot(self) -> bool:
        """Whether it is given where the work is."""
        return self.kind in AT_ITS_SPOT


class Turn(NamedTuple):
    """One person at a kiosk whose PIN was right, from their first to their last act there."""

    id: str
    kiosk: str
    person: str
    started_at: datetime
    last_at: datetime


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int

    def __add__(self, other: "Share") -> "Share":  # type: ignore[override]
        return Share(self.hits + other.hits, self.of + other.of)

    @property
    def rate(self) -> float:
        """The share itself; nothing of nothing is nothing."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one kind of signal makes of one scope: here against there, and what to say of it.

    It matters only from `least` of what is here on, and so many `times` the share there. `p` is the
    chance of it where a test of its own says so; None asks Fisher's.
    """

    here: Share
    there: Share
    facts: dict[str, Any]
    least: float
    times: float
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose pieces are looked at, and those that they are held against.

    `against` says which these are: "others" (people at the same place), "usual" (the same, over all
    days), "elsewhere" (the same process at other places) or "earlier" (the same place, before).
    """

    place: str
    person: str | None
    here: Sequence[Piece]
    there: Sequence[Piece]
    against: str


@dataclass(frozen=True, slots=True)
class Found:
    """A signal: of a place, or of one person there; of one step or of the whole process.

    `facts` hold whole numbers and texts alone: they go into the record.
    """

    kind: str
    place: str
    step: str | None
    person: str | None
    facts: dict[str, Any]
