"""When a step moves along its chain, to whom, and how long that person then has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.rules.chain import Chain

# The engine looks every second. Up to a minute is a slow look, not an outage: the chain keeps
# its times. Beyond it a person would lose a real part of their window, so they get it afresh.
ON_TIME_WITHIN = timedelta(seconds=60)
# Who is handed a step whose chain counts in minutes has this long to be reached by a message.
REACHED_WITHIN = timedelta(seconds=60)
MINUTE_SCALE = timedelta(hours=1)
LONGEST_TO_REACH = timedelta(hours=1)
# How soon the engine looks again at a holder whose message no worker has had in hand yet.
LOOK_AGAIN = timedelta(seconds=15)
# How long a claim holds the chain while the proof is still on its way.
CLAIM_PAUSE = timedelta(minutes=30)

# Who gets a step back has this long at least, however short the chain's own waits are.
SEND_BACK_WINDOW = timedelta(minutes=30)

Reachable = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Handoff:
    """One move along the chain.

    `due_at` is when the move was due, `next_due_at` when the next one is (None at the last
    level). `passed_over` says why this level could not take it ("absent", "deactivated",
    "unreachable"); the holder then stays who it was.
    """

    level: int
    person: str
    due_at: datetime
    next_due_at: datetime | None
    passed_over: str | None


def first_due_at(chain: Chain, deadline_at: datetime) -> datetime:
    """When the first handoff is due: the deadline plus the grace, which is the backup's wait."""
    return deadline_at + chain[1].wait


def next_handoff(
    chain: Chain, level: int, due_at: datetime, now: datetime, reachable: Reachable
) -> Handoff | None:
    """The handoff to the level after `level`; None when none is due or `level` is the last.

    Times are aware UTC. `reachable(person)` gives None, or the reason a person cannot take it.
    On time, the next window counts from `due_at`; late, from `now`, so that the person gets all
    of it. A level passed over makes the next one due at once. The last level is never passed
    over. At most one level per call. Raises ValueError for a negative level.
    """
    if level < 0:
        raise ValueError(f"a chain has no level {level}")
    if due_at > now or level + 1 >= len(chain):
        return None
    taking = level + 1
    person = chain[taking].person
    if taking + 1 == len(chain):
        return Handoff(taking, person, due_at, next_due_at=None, passed_over=None)
    if reason := reachable(person):
        return Handoff(taking, person, due_at, next_due_at=now, passed_over=reason)
    counted_from = due_at if now - due_at <= ON_TIME_WITHIN else now
    next_due_at = counted_from + chain[taking + 1].wait
    return Handoff(taking, person, due_at, next_due_at, passed_over=None)


def pause_for_claim(
    due_at: datetime | None, now: datetime, already_paused: bool
) -> datetime | None:
    """When what was due at `due_at` is due after the step is claimed at `now`.

    A claim holds the chain once, for `CLAIM_PAUSE`, and never brings a handoff forward. None
    (nothing left to hand on) stays None.
    """
    if due_at is None or already_paused:
        return due_at
    return max(due_at, now + CLAIM_PAUSE)


def reach_window(set_minutes: int | None, next_wait: timedelta) -> timedelta | None:
    """How long a holder has to be reached by a message before the next level takes over.

    `set_minutes` is what the process says: 0 is never. By rule (None) it is `REACHED_WITHIN`
    where the next wait counts in minutes, else a tenth of it. None when the chain itself moves
    no later than that.
    """
    if set_minutes == 0:
        return None
    if set_minutes is not None:
        window = timedelta(minutes=set_minutes)
    elif next_wait <= MINUTE_SCALE:
        window = REACHED_WITHIN
    else:
        window = min(next_wait / 10, LONGEST_TO_REACH)
    return window if window < next_wait else None


def unreached_at(
    told_at: datetime, deadline_at: datetime, window: timedelta | None
) -> datetime | None:
    """When a holder told at `told_at` counts as not reached; None for never.

    Before the deadline nobody is in a hurry: the window begins there at the earliest.
    """
    return None if window is None else max(told_at, deadline_at) + window


def next_look(
    next_due_at: datetime | None, first_due: datetime, missed_at: datetime | None
) -> datetime | None:
    """When somebody looks again at a step that was handed on.

    A step handed on early ("I can't do this") leaves its new holder until the deadline and its
    grace at least. At the last level (`next_due_at` None) that look only says that the step was
    missed; None when that is known already.
    """
    if next_due_at is None:
        return first_due if missed_at is None else None
    return max(next_due_at, first_due)


def after_send_back(chain: Chain, level: int, deadline_at: datetime, now: datetime) -> datetime:
    """When a step sent back at `now` is looked at again: it moves on, or is missed where it is.

    The holder gets the next level's wait afresh, `SEND_BACK_WINDOW` at least, and never less
    than the step's own deadline gave.
    """
    wait = chain[level + 1].wait if level + 1 < len(chain) else SEND_BACK_WINDOW
    window = max(wait, SEND_BACK_WINDOW)
    return max(now + window, first_due_at(chain, deadline_at))
