"""All at the deadline: whole rounds given in the last moments, and in half of the usual time.

Statistic: of the rounds, those that lie as a whole in the last tenth of the time there was (at most
ten minutes) and took less than half of what is usual; here against there by Fisher's exact test.
Who begins late and works at their own pace is no signal.
"""

from collections.abc import Iterator
from datetime import timedelta

from webapp.rules.signals.facts import Scope, Seen, Share
from webapp.rules.signals.rounds import Round, rounds, usual_gap

KIND = "deadline"
LEAST, TIMES = 0.5, 3.0
LAST = timedelta(minutes=10)
HALF = 0.5


def look(scope: Scope) -> Iterator[tuple[str | None, Seen]]:
    """Yield what is seen of the process as a whole."""
    here, there = rounds(scope.here), rounds(scope.there)
    if not here or not there:
        return
    usual = usual_gap(there)
    late, theirs = (
        Share(sum(_is_last(each, usual) for each in some), len(some)) for some in (here, there)
    )
    minutes = max(1, round(min(map(_end, here)) / timedelta(minutes=1)))
    yield None, Seen(late, theirs, {"minutes": minutes}, LEAST, TIMES)


def _is_last(each: Round, usual: float) -> bool:
    in_time = each.due_at - _end(each) <= each.first_at and each.last_at <= each.due_at
    return in_time and each.gap < HALF * usual


def _end(each: Round) -> timedelta:
    """The last part of the time there was."""
    return min((each.due_at - each.opens_at) / 10, LAST)
