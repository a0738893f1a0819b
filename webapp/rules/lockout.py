"""How many wrong PINs are too many, for a person at a kiosk and for the kiosk.

A try is counted as wrong before anybody looks at the PIN, and taken back if it was right: whoever
sends many at once, or pulls the plug in between, gains nothing. The numbers are NIST SP 800-63B
section 5.2.2's (at most 100 wrong in a row) and far below it in a day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

FREE = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
PER_KIOSK_AND_DAY = 20
ALARM_PER_DAY = 100


@dataclass(frozen=True, slots=True)
class Tries:
    """The wrong PINs of one person at one kiosk: in a row, and on the local `day`."""

    wrong: int = 0
    locked_until: datetime | None = None
    day: date | None = None
    wrong_today: int = 0


@dataclass(frozen=True, slots=True)
class KioskTries:
    """All wrong PINs at one kiosk on the local `day`, or since somebody unlocked it."""

    day: date | None = None
    wrong: int = 0


def is_locked(tries: Tries, now: datetime) -> bool:
    """Whether this person has to wait at this kiosk."""
    return tries.locked_until is not None and now < tries.locked_until


def is_kiosk_locked(tries: KioskTries, today: date) -> bool:
    """Whether the kiosk takes no PIN until somebody unlocks it, or until its next local day."""
    return tries.day == today and tries.wrong >= PER_KIOSK_AND_DAY


def counted(tries: Tries, today: date, now: datetime) -> Tries:
    """Return the tries with one more that is taken for wrong.

    From the fifth in a row on each is followed by a wait: 30 s, then twice as long each time, an
    hour at most.
    """
    wrong = tries.wrong + 1
    return Tries(wrong, _until(wrong, now), today, _on(tries.day, today, tries.wrong_today) + 1)


def kiosk_counted(tries: KioskTries, today: date) -> KioskTries:
    """Return the kiosk's tries with one more that is taken for wrong."""
    return KioskTries(today, _on(tries.day, today, tries.wrong) + 1)


def was_right(tries: Tries, today: date) -> Tries:
    """Return the tries once the one counted last has turned out to be right."""
    return Tries(0, None, tries.day, _less_one(tries.day, today, tries.wrong_today))


def kiosk_was_right(tries: KioskTries, today: date) -> KioskTries:
    """Return the kiosk's tries once the one counted last has turned out to be right."""
    return replace(tries, wrong=_less_one(tries.day, today, tries.wrong))


def left(tries: Tries) -> int:
    """Return how many more wrong ones in a row go without a wait."""
    return max(FREE - tries.wrong, 0)


def _until(wrong: int, now: datetime) -> datetime | None:
    if wrong < FREE:
        return None
    doublings = min(wrong - FREE, 16)  # beyond it any wait is the longest
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _on(day: date | None, today: date, count: int) -> int:
    return count if day == today else 0


def _less_one(day: date | None, today: date, count: int) -> int:
    return max(count - 1, 0) if day == today else count
