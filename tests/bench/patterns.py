"""False alarms and detection of patterns, over simulated organisations (tests/patterns_sim)."""

from collections import Counter
from collections.abc import Iterator

from tests.bench.row import Row
from tests.patterns_sim.faults import DARK, PLANTED
from tests.patterns_sim.nights import months, until_dark, until_found
from webapp.rules.patterns import KINDS
from webapp.rules.patterns.chance import between

SEEDS, MONTHS_EACH = 20, 12
FAULT_SEEDS, CLEAN_DAYS, MOST_RUNS = 10, 70, 160


def measure() -> Iterator[Row]:
    """Yield the false alarms of each kind in a month, then the runs until each fault shows."""
    yield from _alarms()
    yield from map(_detected, range(len(PLANTED)))
    yield from map(_dark, range(len(DARK)))


def _alarms() -> Iterator[Row]:
    appeared: Counter[str] = sum(map(_months, range(SEEDS)), Counter())
    of = SEEDS * MONTHS_EACH
    for kind in (*KINDS, "any"):
        times = sum(appeared.values()) if kind == "any" else appeared[kind]
        most = between(times, of)[1]
        yield Row(
            f"false alarms of {kind} in healthy months",
            f"{times} of {of}",
            "",
            f"<= {most:.1%}",
            "0",
        )


def _months(seed: int) -> Counter[str]:
    return months(seed, MONTHS_EACH)


def _detected(number: int) -> Row:
    kind, plant, strength, within = PLANTED[number]
    what = f"runs until {kind} shows, {plant.__name__} {strength:.0%}"
    return _row(what, [_until(number, seed) for seed in range(FAULT_SEEDS)], within)


def _dark(number: int) -> Row:
    share, within = DARK[number]
    days = [
        until_dark(seed, share, clean=CLEAN_DAYS, most=MOST_RUNS) for seed in range(FAULT_SEEDS)
    ]
    return _row(f"days until dark_device shows, dark on {share:.0%}", days, within)


def _row(what: str, shown: list[int | None], within: int) -> Row:
    found = sorted(each for each in shown if each is not None)
    missed = len(shown) - len(found)
    median = str(found[len(found) // 2]) if found else "none"
    note = f"longest {found[-1] if found else '-'}, not within {MOST_RUNS}: {missed}"
    return Row(what, median, "", "", f"<= {within}", note)


def _until(number: int, seed: int) -> int | None:
    kind, plant, strength, _ = PLANTED[number]
    return until_found(seed, kind, plant(strength), clean=CLEAN_DAYS, most=MOST_RUNS)
