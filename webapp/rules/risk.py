"""Which proofs of a process with the review policy `risky` a person looks at, and why.

What is unusual about a proof sends it to review; of those of which nothing is, one in ten is looked
at all the same, so that nobody can know beforehand that nobody will look. One in three, where the
evidence of the last weeks stands out (rules/signals).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# One in so many proofs without a signal is looked at.
ONE_IN = 10
# One in so many, where a signal of rules/signals is current for its place or its person.
ONE_IN_WITH_SIGNAL = 3
# A number within this part of its range from a bound is at its edge.
EDGE = Decimal("0.05")
# So many readings in a row that are the same are worth a look.
SAME_IN_A_ROW = 3
# Two pieces of evidence by one person cannot honestly be closer: at one place, between two.
AT_ONE_PLACE = timedelta(seconds=5)
BETWEEN_PLACES = timedelta(minutes=2)

FIRST_TIME = "risk_first_time"
NEAR_EDGE = "risk_near_edge"
SAME_NUMBER = "risk_same_number"
TOO_QUICK = "risk_too_quick"
UNPROVEN = "risk_unproven"
HANDED_OVER = "risk_handed_over"
SAMPLE = "risk_sample"
SIGNAL = "risk_signal"


@dataclass(frozen=True, slots=True)
class Before:
    """The evidence that the same person gave just before: captured when, and at the same place?"""

    captured_at: datetime
    same_place: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a proof that is enough. Times are aware.

    `key` names the attempt and decides the sample. `last_values`: the readings of this step at
    this location before, the newest first. `is_proven`: its time is. `asks_for_work`: it takes more
    than a tap, so that its pace says something. `has_signal`: one is current, of its place or of
    its person.
    """

    key: str
    captured_at: datetime
    is_first: bool = False
    value: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    last_values: Sequence[Decimal] = ()
    before: Before | None = None
    asks_for_work: bool = True
    is_proven: bool = True
    was_handed_over: bool = False
    has_signal: bool = False


def reasons(facts: Facts) -> tuple[str, ...]:
    """Return why a person looks at this proof: what is unusual, else the sample, else nothing."""
    unusual = tuple(_unusual(facts))
    if unusual:
        return unusual
    if facts.has_signal and in_sample(facts.key, ONE_IN_WITH_SIGNAL):
        return (SIGNAL,)
    return (SAMPLE,) if in_sample(facts.key) else ()


def in_sample(key: str, one_in: int = ONE_IN) -> bool:
    """Whether this attempt belongs to the one in ten; always the same for the same key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % one_in == 0


def _unusual(facts: Facts) -> Iterator[str]:
    if facts.is_first:
        yield FIRST_TIME
    if facts.value is not None and _at_edge(facts.value, facts.minimum, facts.maximum):
        yield NEAR_EDGE
    if _same_again(facts):
        yield SAME_NUMBER
    if _too_quick(facts):
        yield TOO_QUICK
    if not facts.is_proven:
        yield UNPROVEN
    if facts.was_handed_over:
        yield HANDED_OVER


def _at_edge(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    """Whether it is within a twentieth of the range from a bound, on it, or outside."""
    margin = (high - low) * EDGE if low is not None and high is not None else Decimal(0)
    near_low = low is not None and value <= low + margin
    return near_low or (high is not None and value >= high - margin)


def _same_again(facts: Facts) -> bool:
    last = facts.last_values[: SAME_IN_A_ROW - 1]
    return len(last) == SAME_IN_A_ROW - 1 and set(last) == {facts.value}


def _too_quick(facts: Facts) -> bool:
    if facts.before is None or not facts.asks_for_work:
        return False
    least = AT_ONE_PLACE if facts.before.same_place else BETWEEN_PLACES
    return abs(facts.captured_at - facts.before.captured_at) < least
