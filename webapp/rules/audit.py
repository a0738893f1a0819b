"""What should have become of a step, recomputed from its chain and from what the record tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from webapp.rules import escalation
from webapp.rules.chain import Chain
from webapp.rules.escalation import first_due_at

Kind = Literal[
    "taken",
    "passed",
    "claimed",
    "closed",
    "sent_back",
    "handed_back",
    "taken_up",
    "missed",
    "opened",
]

# The events of a step that change who holds it, or when it moves.
TURNS: Mapping[str, Kind] = {
    "step.handed_on": "taken",
    "step.passed_over": "passed",
    "step.claimed": "claimed",
    "step.in_review": "closed",
    "step.done": "closed",
    "step.skipped": "closed",
    "step.called_off": "closed",
    "step.not_needed": "closed",
    "step.opened": "opened",
    "step.waits_again": "opened",
    "step.taken_up": "taken_up",
    "review.sent_back": "sent_back",
    "review.withdrawn": "closed",
    "step.handed_back": "handed_back",
    "step.missed": "missed",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that befell a step, as the record tells it. Times are aware UTC.

    `level` and `due_at` are of a move; for a step that was handed back `level` is where it
    stands from then on. `reason` is why it moved.
    """

    kind: Kind
    at: datetime
    level: int = 0
    due_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a step should stand.

    `since` is when its holder got it (None: from the start). `moves_at` is when the chain moves
    it on, `looks_at` when somebody looks again at the last level. `moves` has the kind of the
    move that stands at each level. `is_passing`: the last level was passed over, so that the
    next may be due at once. `is_closed` and `out_of_order` tell of what cannot be: a move
    of a closed step, and one that skips a level or goes back.
    """

    level: int
    held_at: int
    moves_at: datetime | None
    looks_at: datetime | None
    since: datetime | None = None
    moves: dict[int, Turn] = field(default_factory=dict)
    was_missed: bool = False
    is_closed: bool = False
    is_paused: bool = False
    is_passing: bool = False
    ghost: bool = False
    out_of_order: bool = False


def turn(kind: str, at: datetime, payload: Mapping[str, Any], chain: Chain) -> Turn | None:
    """Read one event of the record; None when it changes neither holder nor time."""
    read = TURNS.get(kind)
    if read in ("taken", "passed"):
        due_at = datetime.fromisoformat(payload["due_at"])
        return Turn(read, at, payload["level"], due_at, payload["reason"])
    if read == "handed_back":
        people = [level.person for level in chain]
        back_to = payload["from"]["id"]
        return Turn(read, at, people.index(back_to) if back_to in people else 0)
    return Turn(read, at) if read else None


def standing(chain: Chain, deadline_at: datetime, turns: Iterable[Turn]) -> Standing:
    """Return where a step of this chain stands after these turns, the oldest first."""
    now = Standing(0, 0, first_due_at(chain, deadline_at), None)
    for each in turns:
        now = _AFTER[each.kind](now, each, chain, deadline_at)
    return now


def _taken(was: Standing, move: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    assert move.due_at is not None, "a move was due at some time"
    first_due = first_due_at(chain, deadline_at)
    was = _moved(was, move)
    missed_at = move.due_at if was.was_missed else None
    next_due_at = _window_end(chain, move.level, move.due_at, move.at)
    look = escalation.next_look(next_due_at, first_due, missed_at)
    is_last = next_due_at is None
    return replace(
        was,
        held_at=move.level,
        since=move.at,
        is_passing=False,
        moves_at=None if is_last else look,
        looks_at=look if is_last else None,
    )


def _window_end(chain: Chain, level: int, due_at: datetime, at: datetime) -> datetime | None:
    if level + 1 >= len(chain):
        return None
    is_late = at - due_at > escalation.ON_TIME_WITHIN
    return (at if is_late else due_at) + chain[level + 1].wait


def _passed(was: Standing, move: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    """The next is due at once; unless the holder is back before the engine looks."""
    moves_at = max(move.at, first_due_at(chain, deadline_at))
    return replace(_moved(was, move), moves_at=moves_at, is_passing=True)


def _moved(was: Standing, move: Turn) -> Standing:
    return replace(
        was,
        level=move.level,
        moves=was.moves | {move.level: move},
        was_missed=was.was_missed or move.reason == "missed",
        ghost=was.ghost or was.is_closed,
        out_of_order=was.out_of_order or move.level != was.level + 1,
    )


def _claimed(was: Standing, claim: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    return replace(
        was,
        moves_at=escalation.pause_for_claim(was.moves_at, claim.at, was.is_paused),
        looks_at=escalation.pause_for_claim(was.looks_at, claim.at, was.is_paused),
        is_paused=True,
    )


def _closed(was: Standing, closing: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    return replace(was, is_closed=True)


def _sent_back(was: Standing, back: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    again_at = escalation.after_send_back(chain, was.level, deadline_at, back.at)
    is_last = was.level + 1 >= len(chain)
    return replace(
        was,
        moves_at=None if is_last else again_at,
        looks_at=again_at if is_last else None,
        since=back.at,
        is_closed=False,
        is_paused=False,
        is_passing=False,
    )


def _handed_back(was: Standing, back: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    return replace(
        was,
        level=back.level,
        held_at=back.level,
        since=back.at,
        is_passing=False,
        moves={level: move for level, move in was.moves.items() if level <= back.level},
        moves_at=max(back.at, first_due_at(chain, deadline_at)),
    )


def _taken_up(was: Standing, again: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    """A step that was called off by mistake goes on where it was, with a window afresh."""
    is_last = was.level + 1 >= len(chain)
    first_due = first_due_at(chain, deadline_at)
    fresh = escalation.after_send_back(chain, was.level, deadline_at, again.at)
    is_over = was.moves_at is None or was.moves_at <= again.at or was.is_passing
    return replace(
        was,
        since=again.at,
        is_closed=False,
        moves_at=None if is_last else fresh if is_over else was.moves_at,
        looks_at=first_due if is_last and not was.was_missed else None,
    )


def _opened(was: Standing, opening: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    """A later step begins with its first holder, whatever was before it had to wait again."""
    return Standing(0, 0, first_due_at(chain, deadline_at), None, since=opening.at)


def _missed(was: Standing, miss: Turn, chain: Chain, deadline_at: datetime) -> Standing:
    return replace(was, was_missed=True, looks_at=None)


_AFTER = {
    "taken": _taken,
    "passed": _passed,
    "claimed": _claimed,
    "closed": _closed,
    "sent_back": _sent_back,
    "handed_back": _handed_back,
    "taken_up": _taken_up,
    "missed": _missed,
    "opened": _opened,
}


def unreached_by(
    told_at: datetime, deadline_at: datetime, window: timedelta | None, moves_at: datetime
) -> datetime:
    """Return when the engine looks at a holder whom no device told, at the latest."""
    at = escalation.unreached_at(told_at, deadline_at, window)
    return moves_at if at is None else min(at, moves_at)
