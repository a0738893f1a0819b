"""What a rehearsal is told of one due time, and what it says of it. Times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from webapp.rules.holding import Stand, Telling, Terms
from webapp.rules.opening_hours import Hours
from webapp.rules.presence import Span

# Where a rehearsal dead-ends, the worst first.
NOBODY_TOLD = "nobody_told"  # whoever takes over, only a screen says so
LAST_UNTOLD = "last_untold"  # it ends with somebody whom only a screen tells
LAST_AWAY = "last_away"  # it ends with somebody who is away
AFTER_CLOSING = "after_closing"  # the first who is told is told when the place has closed
DEAD_ENDS = (NOBODY_TOLD, LAST_UNTOLD, LAST_AWAY, AFTER_CLOSING)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as a rehearsal knows them.

    `has_device`: messages are turned on on a device, and no push service refuses it. `answers`: a
    message has arrived there before. `channels` are the others by which they can be told
    ("email", "extra").
    """

    id: str
    name: str
    away: tuple[Span, ...] = ()
    has_left: bool = False
    has_device: bool = False
    answers: bool = False
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a step that is open already stands: since when, and for what reason it came there."""

    stand: Stand
    since: datetime
    reason: str | None
    telling: Telling | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """One due time; `begun` where its step is open at `now` already.

    `is_announced`: whoever has it first is told as it opens, for it opens in the midst of its run.
    """

    terms: Terms
    opens_at: datetime
    remind_at: datetime | None
    hours: Hours
    begun: Begun | None = None
    is_announced: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody who could not take it, and why: absent or deactivated."""

    person: str
    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """By which channel somebody hears of it (push, email, extra), and when."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at` to `until` this person holds it; until somebody does it when that is None.

    `reason` is why it came to them: missed, absent, deactivated or unreached; None for who has it
    from the start, whom nothing tells but the screen unless it is announced. `passed` could not
    take it and were passed over. `after_closing`: the place has closed since it was due.
    """

    at: datetime
    until: datetime | None
    level: int
    role: str
    person: str
    reason: str | None
    passed: tuple[Passed, ...]
    told: tuple[Told, ...]
    after_closing: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """Who is reminded before it is due, and by which channels."""

    at: datetime
    person: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of one due time: never without a moment. `missed_at` is when it counts so."""

    moments: tuple[Moment, ...]
    reminder: Reminder | None
    missed_at: datetime | None
    dead_ends: tuple[str, ...]
