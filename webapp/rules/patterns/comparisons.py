"""Two shares beside each other: a location and the others, with its person and without.

Both by Fisher's exact test, which is right for small counts too; whole runs are compared, since
the steps of one run fail together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.rules.patterns.budget import in_a_month
from webapp.rules.patterns.chance import at_least, at_most, more_than_elsewhere
from webapp.rules.patterns.looked_at import Found, HeldDay, Seen
from webapp.rules.patterns.stretches import MONTH, MOST_RUNS, is_over

# A location is compared over its last 20 and its last 60 runs, with no fewer than ten on each side.
SPANS = (20, 60)
FEWEST_HERE = 10
# A location drifts when it fails at least twice as often: less is no use to know.
TIMES_OTHERS = 2
FEWEST_WITHOUT = 3
# Somebody ill or on leave is one run in eight: below that nobody else knows how to do it.
ORDINARY_OTHERS = 1 / 8
# A phone may be dark on one day in ten.
ORDINARY_DARK, DARK_DAYS = 0.1, (10, 20)


@dataclass(frozen=True, slots=True)
class WholeRun:
    """One run: whether any of its steps failed, who closed it, whether its person was away."""

    run: str
    due_at: datetime
    failed: bool
    first_away: bool
    first: str
    others: bool


def whole_runs(seen: Sequence[Seen]) -> list[WholeRun]:
    """Return the runs of a process at one place, the oldest first."""
    by_run: dict[str, list[Seen]] = {}
    for each in seen:
        by_run.setdefault(each.run, []).append(each)
    made = [_whole(run, steps) for run, steps in by_run.items()]
    return sorted(made, key=lambda each: (each.due_at, each.run))


def drift(places: Mapping[str, Sequence[WholeRun]], place: str, tests: int) -> Found | None:
    """Return whether a location fails more often than the others of the same process."""
    spans = [_span(places, place, length) for length in SPANS]
    counted = [each for each in spans if each is not None]
    if not counted:
        return None
    mine, times, elsewhere, of_those = min(counted, key=lambda each: _fisher(*each))
    chance = _fisher(mine, times, elsewhere, of_those)
    looks = _looks(mine)
    return Found(
        kind="drift",
        place=place,
        times=times,
        of=len(mine),
        chance=in_a_month(chance, "drift", tests * len(SPANS), looks),
        is_over=is_over([each.failed for each in mine], times, len(mine)),
        runs=_newest(mine),
        facts={"others": [elsewhere, of_those], "places": len(places) - 1},
    )


def without_its_person(runs: Sequence[WholeRun], place: str, tests: int) -> Found | None:
    """Return whether it fails when its person is away, and not when they are there."""
    away = [each for each in runs if each.first_away]
    there = [each for each in runs if not each.first_away]
    times = sum(each.failed for each in away)
    if len(away) < FEWEST_WITHOUT or not times or not there:
        return None
    failed_there = sum(each.failed for each in there)
    chance = more_than_elsewhere(times, len(away), failed_there, len(there))
    return Found(
        kind="one_person",
        place=place,
        times=times,
        of=len(away),
        chance=in_a_month(chance, "one_person", tests * 2, _looks(away)),
        is_over=is_over([each.failed for each in away], times, len(away)),
        runs=_newest(away),
        facts={"why": "without", "first": away[-1].first, "others": [failed_there, len(there)]},
    )


def nobody_else(runs: Sequence[WholeRun], place: str, tests: int) -> Found | None:
    """Return whether hardly anybody but its person has ever done it, over all its runs."""
    others = sum(each.others for each in runs)
    if not runs:
        return None
    chance = at_most(others, len(runs), ORDINARY_OTHERS)
    return Found(
        kind="one_person",
        place=place,
        times=len(runs) - others,
        of=len(runs),
        chance=in_a_month(chance, "one_person", tests * 2, _looks(runs)),
        runs=tuple(each.run for each in reversed(runs))[:MOST_RUNS],
        facts={"why": "alone", "first": runs[-1].first},
    )


def often_dark(days: Sequence[HeldDay], person: str, tests: int) -> Found | None:
    """Return whether somebody's phone is dark on more of their days than one in ten."""
    flags = [each.dark for each in days]
    if len(flags) < DARK_DAYS[0] or not any(flags):
        return None
    counts = [(sum(flags[-length:]), min(length, len(flags))) for length in DARK_DAYS]
    tail, times, of = min((at_least(n, of, ORDINARY_DARK), n, of) for n, of in counts)
    newest = days[-1].day
    looks = sum((newest - each.day).days < MONTH for each in days)
    return Found(
        kind="dark_device",
        place="",
        person=person,
        times=times,
        of=of,
        chance=in_a_month(tail, "dark_device", tests * len(DARK_DAYS), looks),
        is_over=is_over(flags, times, of),
        runs=tuple(each.run for each in reversed(days) if each.dark)[:MOST_RUNS],
    )


def _whole(run: str, steps: Sequence[Seen]) -> WholeRun:
    closers = [each.closer for each in steps if each.closer]
    return WholeRun(
        run=run,
        due_at=max(each.due_at for each in steps),
        failed=any(each.failed for each in steps),
        first_away=any(each.first_away for each in steps),
        first=steps[0].first,
        others=any(each != steps[0].first for each in closers),
    )


def _span(
    places: Mapping[str, Sequence[WholeRun]], place: str, length: int
) -> tuple[list[WholeRun], int, int, int] | None:
    """The last runs here with their failures, and the last of each other location."""
    mine = list(places[place][-length:])
    if len(mine) < FEWEST_HERE:
        return None
    rest = [each for other, runs in places.items() for each in runs[-SPANS[-1] :] if other != place]
    times, elsewhere = sum(each.failed for each in mine), sum(each.failed for each in rest)
    is_more = len(rest) and times / len(mine) >= TIMES_OTHERS * elsewhere / len(rest)
    if len(rest) < FEWEST_HERE or not times or not is_more:
        return None
    return mine, times, elsewhere, len(rest)


def _fisher(mine: Sequence[WholeRun], times: int, elsewhere: int, of_those: int) -> float:
    return more_than_elsewhere(times, len(mine), elsewhere, of_those)


def _looks(runs: Sequence[WholeRun]) -> int:
    newest = runs[-1].due_at
    return len({each.due_at.date() for each in runs if (newest - each.due_at).days < MONTH})


def _newest(runs: Sequence[WholeRun]) -> tuple[str, ...]:
    return tuple(each.run for each in reversed(runs) if each.failed)[:MOST_RUNS]
