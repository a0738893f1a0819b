"""What becomes of a step that nobody closes: who has it first, and what each look at it decides.

The engine asks these for live steps and a rehearsal for days to come; neither decides by itself.
Times are aware UTC.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol

from webapp.rules import escalation
from webapp.rules.chain import Chain
from webapp.rules.escalation import Reachable, first_due_at

GONE = ("absent", "deactivated")


@dataclass(frozen=True)
class Terms:
    """What was frozen into a step when its run opened, as far as its chain depends on it."""

    chain: Chain
    deadline_at: datetime
    reached_within_minutes: int | None

    @property
    def last_level(self) -> int:
        """The level after which nobody comes."""
        return len(self.chain) - 1

    @cached_property
    def first_due_at(self) -> datetime:
        """When the first handoff is due."""
        return first_due_at(self.chain, self.deadline_at)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an open step stands.

    `moves_at` is when the chain moves it on (None at the last level), `looks_at` when somebody
    looks next (None for never), and `why` it would move then. After a level was passed over
    `level` is that level, and `holder` still who it was.
    """

    level: int
    holder: str
    moves_at: datetime | None
    looks_at: datetime | None
    why: str
    missed_at: datetime | None = None

    def looked_at(self, at: datetime | None) -> "Stand":
        """The same, looked at next at this time."""
        return Stand(self.level, self.holder, self.moves_at, at, self.why, self.missed_at)


@dataclass(frozen=True, slots=True)
class Telling:
    """How far the message of a handoff came.

    `told_at` is when a push service took it, or when it was clear that none will; the handoff's
    own time while it is still tried. `tried` is false until a worker has come to an end with it
    once: one that dies with the message in hand has told nobody, and that is not the holder's
    fault.
    """

    reached: bool
    tried: bool
    told_at: datetime


class Around(Protocol):
    """What a look has to know of the world; asked only as far as the look needs it."""

    def reason_against(self, person: str) -> str | None:
        """Why the person cannot take the step now ("absent", "deactivated"), or None."""

    def telling(self) -> Telling | None:
        """How far the message came by which the holder got it; None for who had it first."""

    def somebody_later_has_a_device(self) -> bool:
        """Whether handing on could reach anybody further down the chain by a device."""


@dataclass(frozen=True, slots=True)
class HandsOn:
    """It moves to the next level, for this reason; it was due to move at `due_at`."""

    reason: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Misses:
    """Nobody comes after the last level: it stays with its holder, and was missed at `due_at`."""

    stand: Stand
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """It stays where it is until the next look."""

    stand: Stand


def begins(terms: Terms, now: datetime, reason_against: Reachable) -> Stand:
    """Where a step stands when its run opens: with the responsible person.

    Who is not there never has to act: the next look hands the step on at once.
    """
    person, moves_at = terms.chain[0].person, terms.first_due_at
    if reason := reason_against(person):
        return Stand(0, person, moves_at, min(now, moves_at), reason)
    return Stand(0, person, moves_at, moves_at, "missed")


def look(terms: Terms, stand: Stand, now: datetime, around: Around) -> HandsOn | Misses | Waits:
    """What a look that is due decides: it moves on, is missed where it is, or waits."""
    if stand.looks_at is None:
        raise ValueError("only a step with a next look is looked at")
    if stand.level == terms.last_level:
        return _last(stand, stand.looks_at)
    if stand.why in GONE and around.reason_against(stand.holder) is None:
        return _stays(terms, stand, now, around)
    if stand.why != "missed":
        return HandsOn(stand.why, stand.looks_at)
    if stand.moves_at is not None and stand.moves_at <= now:
        return HandsOn("missed", stand.moves_at)
    return _unless_unreached(terms, stand, now, around)


def handed_on(
    terms: Terms, stand: Stand, reason: str, due_at: datetime, now: datetime, against: Reachable
) -> tuple[escalation.Handoff, Stand] | None:
    """The move to the next level and where the step stands then; None at the last level.

    A level whose person cannot take it is passed over: the next look goes on from there at once.
    """
    move = escalation.next_handoff(terms.chain, stand.level, due_at, now, against)
    if move is None:
        return None
    first_miss = move.due_at if reason == "missed" else None
    missed_at = stand.missed_at or first_miss
    if move.passed_over:
        at = move.next_due_at
        return move, Stand(move.level, stand.holder, at, at, reason, missed_at)
    return move, _given(terms, move, missed_at, now)


def _given(
    terms: Terms, move: escalation.Handoff, missed_at: datetime | None, now: datetime
) -> Stand:
    """The engine looks early whether a device of the new holder took the message."""
    at = escalation.next_look(move.next_due_at, terms.first_due_at, missed_at)
    if move.next_due_at is None or at is None:
        return Stand(move.level, move.person, None, at, "missed", missed_at)
    looks_at = _counts_as_unreached(terms, move.level, now) or at
    return Stand(move.level, move.person, at, min(looks_at, at), "missed", missed_at)


def _last(stand: Stand, due_at: datetime) -> Misses | Waits:
    kept = stand.looked_at(None)
    return Waits(kept) if stand.missed_at else Misses(replace(kept, missed_at=due_at), due_at)


def _stays(terms: Terms, stand: Stand, now: datetime, around: Around) -> HandsOn | Waits:
    """Who is back before the engine came to look keeps the step for as long as the chain gives.

    So it is if a device of theirs was told; nobody had the step in between.
    """
    moves_at = max(_moves_at(stand), terms.first_due_at)
    stays = replace(stand, moves_at=moves_at, looks_at=moves_at, why="missed")
    return Waits(stays) if moves_at <= now else _unless_unreached(terms, stays, now, around)


def _unless_unreached(terms: Terms, stand: Stand, now: datetime, around: Around) -> HandsOn | Waits:
    """A holder whom no device told loses the step early, if somebody later could be told.

    While no worker has even tried, handing on would tell nobody either: the look comes again.
    """
    moves_at, told = _moves_at(stand), around.telling()
    if told is None or told.reached or not around.somebody_later_has_a_device():
        return Waits(stand.looked_at(moves_at))
    if not told.tried:
        return Waits(stand.looked_at(min(now + escalation.LOOK_AGAIN, moves_at)))
    at = _counts_as_unreached(terms, stand.level, told.told_at)
    if at is not None and at <= now:
        return HandsOn("unreached", at)
    return Waits(stand.looked_at(min(at or moves_at, moves_at)))


def _counts_as_unreached(terms: Terms, level: int, told_at: datetime) -> datetime | None:
    """When who was handed the step at this level, and was told then, counts as not reached."""
    if level == terms.last_level:
        return None
    next_wait = terms.chain[level + 1].wait
    window = escalation.reach_window(terms.reached_within_minutes, next_wait)
    return escalation.unreached_at(told_at, terms.deadline_at, window)


def _moves_at(stand: Stand) -> datetime:
    assert stand.moves_at is not None, "who is not last is followed by somebody"
    return stand.moves_at
