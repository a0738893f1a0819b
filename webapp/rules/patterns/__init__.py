"""What keeps going wrong, found by exact rules: few, each with its count and its chance.

As run charts in health care (Perla, Provost and Murray, BMJ Quality & Safety 20 (2011) 46-51) it
tells a signal from the noise that is always there; as counts are small and looks are many, by
exact tails and a bound on the false alarms of a month (`budget`) instead of rules of thumb.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from webapp.rules.patterns.budget import KEEP, LEVEL, one_in
from webapp.rules.patterns.comparisons import (
    drift,
    nobody_else,
    often_dark,
    whole_runs,
    without_its_person,
)
from webapp.rules.patterns.looked_at import Found, HeldDay, Noted, Scope, Seen
from webapp.rules.patterns.stretches import KINDS as SERIES_KINDS
from webapp.rules.patterns.stretches import STRETCHES, after_fixes, found

__all__ = [
    "KEEP",
    "KINDS",
    "LEVEL",
    "STRETCHES",
    "Found",
    "HeldDay",
    "Noted",
    "Scope",
    "Seen",
    "is_worse",
    "of_devices",
    "of_process",
    "one_in",
]

KINDS = (
    "fix_failed",
    "repeated",
    "drift",
    "by_another",
    "one_person",
    "at_deadline",
    "dark_device",
    "no_proof",
)
# A process of taps alone is said to be so once it has run so often.
RUNS_WITHOUT_PROOF = 10
# Of what failed, so much was then done by another: that tells more than that it failed.
MOSTLY = 2 / 3
WORSE = 1.5


def of_process(
    process: str,
    seen: Sequence[Seen],
    notes: Iterable[Noted],
    scope: Scope,
    *,
    leaves_proof: bool,
) -> list[Found]:
    """Return what a process of this key shows: at most one of a kind at a place, at any chance.

    `seen` are its steps at all places, the oldest run first.
    """
    by_place = _by(seen, lambda each: each.place)
    tried: dict[tuple[str, str], list[Noted]] = {}
    for note in notes:
        tried.setdefault((note.step, note.place), []).append(note)
    runs = {place: whole_runs(there) for place, there in by_place.items()}
    made: list[Found] = []
    for place, there in by_place.items():
        failing = _without_doubles(_of_steps(there, tried, scope.steps))
        failing = [_beside_others(each, by_place) for each in failing]
        people = [
            without_its_person(runs[place], place, scope.processes),
            nobody_else(runs[place], place, scope.processes),
        ]
        made += [*failing, *_worst(people)]
        if not any(_stands(each) for each in failing if each.kind != "at_deadline"):
            made += filter(None, [drift(runs, place, scope.processes)])
    closed = sum(len(each) for each in runs.values())
    if not leaves_proof and closed >= RUNS_WITHOUT_PROOF:
        made.append(Found("no_proof", "", closed, closed, 0.0))
    return [replace(each, process=process) for each in made]


def of_devices(days: Mapping[str, Sequence[HeldDay]], scope: Scope) -> list[Found]:
    """Return whose phone is often dark, by the days on which each was the first to hold steps."""
    made = (often_dark(each, person, scope.people) for person, each in days.items())
    return [each for each in made if each is not None]


def is_worse(times: int, of: int, then_times: int, then_of: int) -> bool:
    """Return whether it happens at least half as often again as when somebody noted it."""
    return bool(of and then_of) and times / of >= WORSE * then_times / then_of


def _of_steps(
    there: Sequence[Seen], tried: Mapping[tuple[str, str], Sequence[Noted]], series: int
) -> list[Found]:
    """The worst step of each kind, with the others of which the same is so."""
    made: dict[str, list[Found]] = {}
    for step, each in _by(there, lambda one: one.step).items():
        for kind in SERIES_KINDS:
            made.setdefault(kind, []).extend(filter(None, [found(kind, each, series)]))
        after = after_fixes(tried.get((step, each[-1].place), ()), each, series)
        made.setdefault("fix_failed", []).extend(filter(None, [after]))
    return [worst for kind in made.values() for worst in _worst(kind)]


def _worst(candidates: Iterable[Found | None]) -> list[Found]:
    """The unlikeliest one, which names the steps that stand beside it."""
    known = sorted(filter(None, candidates), key=lambda each: (each.is_over, each.chance))
    if not known:
        return []
    also = [each.facts["title"] for each in known[1:] if _stands(each) and "title" in each.facts]
    return [replace(known[0], facts=known[0].facts | {"also": also})]


def _without_doubles(founds: Sequence[Found]) -> list[Found]:
    """Say the same failures once: of a fix, of who does it instead, or of the step."""
    by_kind = {each.kind: each for each in founds}
    repeated = by_kind.get("repeated")
    if repeated and ("fix_failed" in by_kind or "by_another" in by_kind):
        fix, another = by_kind.get("fix_failed"), by_kind.get("by_another")
        if (fix and _stands(fix)) or (another and _stands(another) and _same(repeated, another)):
            del by_kind["repeated"]
    return list(by_kind.values())


def _same(repeated: Found, another: Found) -> bool:
    """Whether those that failed are mostly those that another then did."""
    closers: dict[str, int] = repeated.facts["closers"]
    others = sum(n for who, n in closers.items() if who != repeated.facts["first"])
    is_step = repeated.facts["step"] == another.facts["step"]
    return is_step and others >= MOSTLY * repeated.times


def _beside_others(each: Found, by_place: Mapping[str, Sequence[Seen]]) -> Found:
    """Say how often the same step failed in as many runs at each other location."""
    if each.kind not in ("repeated", "fix_failed"):
        return each
    others = [
        seen.failed
        for place, there in by_place.items()
        if place != each.place
        for seen in [one for one in there if one.step == each.facts["step"]][-each.of :]
    ]
    return replace(each, facts=each.facts | {"others": [sum(map(bool, others)), len(others)]})


def _stands(each: Found) -> bool:
    return each.chance <= LEVEL and not each.is_over


def _by(seen: Iterable[Seen], key: Callable[[Seen], str]) -> dict[str, list[Seen]]:
    parts: dict[str, list[Seen]] = {}
    for each in seen:
        parts.setdefault(key(each), []).append(each)
    return parts
