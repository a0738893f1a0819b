"""How many dishonest crews the signals find within 28 days, and how often they accuse honest ones.

    python -m tests.bench signals

Every night of the four weeks is looked at, as the duty does; a signal on any of them counts.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from tests.bench.crews import BEGAN, DISHONEST, HISTORY, HONEST, MONTH, PEOPLE, PLACES, month
from tests.bench.crews import Crew as Simulated
from tests.bench.row import Row
from webapp.rules.signals import Found, found
from webapp.rules.signals.exact import bounds

SEEDS = int(os.environ.get("BATON_BENCH_CREWS", "40"))
EVERY = int(os.environ.get("BATON_BENCH_NIGHTS", "1"))


def noticed(crew: Simulated, seed: int, nights: Iterable[int]) -> dict[tuple[str, ...], int]:
    """Return each signal with the night on which it was first seen: (kind, place, person)."""
    world, first = month(crew, seed), {}
    for night in nights:
        now = BEGAN + timedelta(days=HISTORY + night)
        until = [piece for piece in world.pieces if piece.at < now]
        turns = [turn for turn in world.turns if turn.last_at < now]
        for each in found(until, turns, now - timedelta(days=MONTH)):
            first.setdefault(_key(each), night)
    return first


def _key(each: Found) -> tuple[str, ...]:
    return each.kind, each.place, each.person or ""


def measure(seeds: int = SEEDS, every: int = EVERY) -> Iterable[Row]:
    """Measure every crew on so many seeds."""
    nights = range(every, MONTH + 1, every)
    for name, (crew, kinds) in DISHONEST.items():
        runs = [noticed(crew, seed, nights) for seed in range(seeds)]
        yield _recall(name, runs, kinds)
    for name, crew in HONEST.items():
        yield _alarms(name, [noticed(crew, seed, nights) for seed in range(seeds)])


def is_found(signals: dict[tuple[str, ...], int], kinds: Sequence[str]) -> bool:
    """Whether the place at which it is done shows one of the kinds."""
    return any(kind in kinds and place == "downtown" for kind, place, _person in signals)


def _recall(name: str, runs: list[dict[tuple[str, ...], int]], kinds: Sequence[str]) -> Row:
    hits = sum(is_found(run, kinds) for run in runs)
    nights = sorted(
        min(n for k, n in run.items() if k[0] in kinds) for run in runs if is_found(run, kinds)
    )
    wrong = Counter(
        key[2] for run in runs for key in run if key[2] and key[1:] != ("downtown", "ana")
    )
    by_name = sum(any(key[1:] == ("downtown", "ana") for key in run) for run in runs)
    low, high = bounds(hits, len(runs))
    middle = f"after {nights[len(nights) // 2]} nights, " if nights else ""
    kinds_seen = Counter(key[0] for run in runs for key in run)
    people = f"of the person {by_name}; of others {sum(wrong.values())}"
    note = f"{middle}95 % {low:.0%} to {high:.0%}; {people}; {dict(kinds_seen)}"
    return Row(name, f"{hits}/{len(runs)}", "", "found", "", note)


def _alarms(name: str, runs: list[dict[tuple[str, ...], int]]) -> Row:
    people = len(runs) * len(PEOPLE) * len(PLACES)
    accused = sum(len({key[1:] for key in run if key[2]}) for run in runs)
    places = sum(len({key[1] for key in run if not key[2]}) for run in runs)
    high = bounds(accused, people, 0.9)[1]
    note = (
        f"at most {high:.1%} of person-months (95 %); places {places} of {len(runs) * len(PLACES)}"
    )
    seen = Counter(key[0] for run in runs for key in run)
    return Row(name, f"{accused}/{people}", "", "false", "0", f"{note}; {dict(seen)}")
