"""A step at a place over its last runs: what happens more often than it should.

Each count is put beside the share that is nothing to speak of, by the exact binomial tail
(`chance.at_least`), over the last 5, 10, 20 and 40 runs: what began yesterday shows in the short
ones, what is rare in the long ones. From fewer than five runs nothing is said.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.rules.fix_outcome import clean_runs_needed
from webapp.rules.patterns.budget import in_a_month
from webapp.rules.patterns.chance import at_least
from webapp.rules.patterns.looked_at import Found, Noted, Seen

STRETCHES = (5, 10, 20, 40)
FEWEST = STRETCHES[0]
# What is nothing to speak of: one miss in twenty; one in four done by another, or at the end.
ORDINARY = {"repeated": 0.05, "fix_failed": 0.05, "by_another": 0.25, "at_deadline": 0.25}
MONTH = 31
# The evidence names so many runs, the newest first.
MOST_RUNS = 8

Is = Callable[[Seen], bool]


def is_failed(seen: Seen) -> bool:
    """Whether it was missed, sent back, or somebody could not do it."""
    return bool(seen.failed)


def is_by_another(seen: Seen) -> bool:
    """Whether somebody else did it, though nobody knew its person to be away."""
    return bool(seen.closer) and seen.closer != seen.first and not seen.first_away


def is_at_the_end(seen: Seen) -> bool:
    """Whether it was closed just in time."""
    return seen.at_the_end


KINDS: Mapping[str, Is] = {
    "repeated": is_failed,
    "by_another": is_by_another,
    "at_deadline": is_at_the_end,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The last `of` runs of a series, of which it is true `times`, and the chance of that."""

    times: int
    of: int
    chance: float


def found(kind: str, series: Sequence[Seen], tests: int) -> Found | None:
    """Return what one step at one place shows, oldest run first; None when it never happened."""
    is_so = KINDS[kind]
    flags = [is_so(seen) for seen in series]
    if len(series) < FEWEST or not any(flags):
        return None
    best = unlikeliest(flags, ORDINARY[kind])
    chance = in_a_month(best.chance, kind, tests * len(STRETCHES), looks_a_month(series))
    return _made(kind, series, flags, best, chance)


def after_fixes(notes: Sequence[Noted], series: Sequence[Seen], tests: int) -> Found | None:
    """Return whether a step goes on failing after its fixes, more than once.

    Counted from the oldest fix of the last 40 runs on: whoever tries one fix after another would
    else begin anew each time. The same words twice are one fix. `notes` come the oldest first.
    """
    window = series[-STRETCHES[-1] :]
    tried = [note for note in notes if note.at >= window[0].due_at]
    since = [seen for seen in window if tried and seen.due_at > tried[0].at]
    flags = [is_failed(seen) for seen in since]
    if sum(flags) < 2:
        return None
    tail = at_least(sum(flags), len(flags), ORDINARY["fix_failed"])
    chance = in_a_month(tail, "fix_failed", tests, looks_a_month(series))
    stretch = Stretch(sum(flags), len(flags), tail)
    made = _made("fix_failed", since, flags, stretch, chance)
    made.facts.update(note=tried[0].id, tried=len({note.words for note in tried}))
    return made


def unlikeliest(flags: Sequence[bool], ordinary: float) -> Stretch:
    """Return the stretch up to the newest run that luck explains least."""
    lengths = {min(length, len(flags)) for length in STRETCHES}
    counts = [(sum(flags[-length:]), length) for length in sorted(lengths)]
    stretches = [Stretch(times, of, at_least(times, of, ordinary)) for times, of in counts]
    return min(stretches, key=lambda each: each.chance)


def looks_a_month(series: Sequence[Seen]) -> int:
    """Return on how many days of the last month there was anything new to look at."""
    if not series:
        return 1
    newest = series[-1].due_at
    return len({seen.due_at.date() for seen in series if (newest - seen.due_at).days < MONTH})


def is_over(flags: Sequence[bool], times: int, of: int) -> bool:
    """Return whether so many clean runs came since as show that it stopped (`fix_outcome`)."""
    clean = next((n for n, flag in enumerate(reversed(flags)) if flag), len(flags))
    return clean >= clean_runs_needed(times, of)


def _made(
    kind: str, series: Sequence[Seen], flags: Sequence[bool], stretch: Stretch, chance: float
) -> Found:
    last = [seen for seen, flag in zip(series, flags, strict=True) if flag][-stretch.times :]
    return Found(
        kind=kind,
        place=series[-1].place,
        times=stretch.times,
        of=stretch.of,
        chance=chance,
        is_over=is_over(flags, stretch.times, stretch.of),
        runs=tuple(dict.fromkeys(seen.run for seen in reversed(last)))[:MOST_RUNS],
        facts={
            "step": series[-1].step,
            "title": series[-1].title,
            "step_run": last[-1].step_run,
            "how": _counted(seen.failed for seen in last if seen.failed),
            "closers": _counted(seen.closer for seen in last if seen.closer),
            "first": last[-1].first,
        },
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    """How often each, the most frequent first."""
    counts = Counter(values)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
