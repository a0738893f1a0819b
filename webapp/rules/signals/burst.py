"""Bursts: a whole round given within moments.

Statistic: of the person's rounds, those whose pieces lie as close together as one in a hundred
would by chance over the usual length of such a round (the scan statistic of Naus 1965), and
within a quarter of it; held against the others' rounds by Fisher's exact test. A quick hand takes
half of the usual time, hardly ever a quarter.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from webapp.rules.signals.exact import all_within
from webapp.rules.signals.facts import Scope, Seen, Share
from webapp.rules.signals.rounds import Round, rounds, usual_gap

KIND = "burst"
LEAST, TIMES = 0.2, 4.0
BY_CHANCE, QUARTER = 0.01, 0.25


def look(scope: Scope) -> Iterator[tuple[str | None, Seen]]:
    """Yield what is seen of the process as a whole."""
    here, there = rounds(scope.here), rounds(scope.there)
    if not here or not there:
        return
    usual = usual_gap(there)
    bursts = [each for each in here if is_burst(each, usual)]
    facts = {"seconds": round(median(each.seconds for each in bursts))} if bursts else {}
    facts |= {"usual": round(median(each.seconds for each in there))}
    bursts_here = Share(len(bursts), len(here))
    yield None, Seen(bursts_here, _share(there, usual), facts, LEAST, TIMES)


def _share(of: Sequence[Round], usual: float) -> Share:
    return Share(sum(is_burst(each, usual) for each in of), len(of))


def is_burst(each: Round, usual: float) -> bool:
    """Whether its pieces lie closer together than the work lets them."""
    share = each.seconds / (usual * (each.pieces - 1))
    return share <= QUARTER and all_within(each.pieces, share) <= BY_CHANCE
