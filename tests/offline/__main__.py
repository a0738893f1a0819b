"""`python -m tests.offline --seed 1 --runs 25`: shifts with faults, in a real browser."""

import argparse
import sys

from tests.offline.plan import CHECK_OFFS, FAULTS, PHOTOS, plan_of
from tests.offline.runs import run_all


def main() -> int:
    """Plays the seeds; 1 when a run failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.offline")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="a fault", choices=FAULTS)
    parser.add_argument("--check-offs", type=int, default=CHECK_OFFS)
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--timeline", action="store_true", help="say each plan before it is played")
    asked = parser.parse_args()
    size = {"check_offs": asked.check_offs, "photos": asked.photos}
    seeds = range(asked.seed, asked.seed + asked.runs)
    plans = (plan_of(seed, faults=asked.only, **size) for seed in seeds)
    total = run_all(plans, _say, timeline=asked.timeline)
    _say(total.words())
    return 1 if total.failed else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
