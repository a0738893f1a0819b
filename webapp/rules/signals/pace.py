"""Pace: a step done again and again in far less than what it usually takes there.

Statistic: of the times since the piece before, those under a quarter of the step's own median;
here against there by Fisher's exact test (Mood's median test 1950, at a quarter instead of the
median itself, since a quick and practised hand is below it all the time). Steps of which a quarter
is less than the least between two pieces are not judged: rules/risk.py looks at each of those.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from webapp.rules.risk import AT_ONE_PLACE
from webapp.rules.signals.facts import Scope, Seen, Share
from webapp.rules.signals.rounds import gaps

KIND = "pace"
LEAST, TIMES = 0.5, 4.0
QUARTER = 0.25


def look(scope: Scope) -> Iterator[tuple[str | None, Seen]]:
    """Yield what is seen of each step."""
    elsewhere = gaps(scope.there)
    for step, here in gaps(scope.here).items():
        there = elsewhere.get(step, [])
        usual = median(there) if there else 0
        if usual * QUARTER < AT_ONE_PLACE.total_seconds():
            continue
        limit = usual * QUARTER
        quick = [gap for gap in here if gap < limit]
        facts = {"seconds": round(median(quick)) if quick else 0, "usual": round(usual)}
        yield step, Seen(_share(here, limit), _share(there, limit), facts, LEAST, TIMES)


def _share(found: Sequence[float], limit: float) -> Share:
    return Share(sum(gap < limit for gap in found), len(found))
