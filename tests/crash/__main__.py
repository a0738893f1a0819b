"""`python -m tests.crash --runs 1000 --seed 1 --database sqlite`: seeded runs with faults."""

import argparse
import signal
import sys

from tests.crash.faults import kinds
from tests.crash.faults.crowd import crowd
from tests.crash.faults.runs import Runs, residence, run_all


def main() -> int:
    """Runs the seeds; 1 when a run failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", help="one kind of fault", choices=sorted(_kinds()))
    parser.add_argument("--timeline", action="store_true", help="say each plan before it is played")
    parser.add_argument("--crowd", action="store_true", help="10,000 steps due at once, instead")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.crowd:
        return _crowd(options.database, options.seed)
    seeds = range(options.seed, options.seed + options.runs)
    total = run_all(options.database, seeds, options.only, _say, timeline=options.timeline)
    _say(summary(total, options.database, seeds))
    return 1 if total.failed else 0


def _crowd(database: str, seed: int) -> int:
    with residence(database) as place:
        came = crowd(place.house(), seed)
    _say(f"{came.handoffs} handoffs due in one second on {database}, {came.kills} kills")
    _say(f"  all moved after {came.moved_after:.1f} s, all told after {came.told_after:.1f} s")
    _say(f"  {came.pushes} pushes; {len(came.violations)} violations {came.violations}")
    return 1 if came.violations else 0


def summary(total: Runs, database: str, seeds: range) -> str:
    """The figures of many runs."""
    played = seeds[: total.runs]
    lines = [
        (
            f"{total.runs} runs on {database}, seeds {played.start} to {played.stop - 1},"
            f" {total.seconds:.0f} s: {len(total.failed)} failed"
        ),
        *(f"  {name}: {count}" for name, count in sorted(total.figures.items())),
        *(f"  seed {seed}: {'; '.join(found)[:300]}" for seed, found in total.failed.items()),
    ]
    return "\n".join(lines)


def _kinds() -> set[str]:
    return {*kinds.of("sqlite"), *kinds.of("postgresql")}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
