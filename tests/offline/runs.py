"""Many seeded runs, one after another, in one house."""

import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from tests.offline.house import House
from tests.offline.plan import Plan
from tests.offline.play import Played, Player

Say = Callable[[str], None]
MOST_OF_A_LOG = 3000


@dataclass
class Runs:
    """What many runs came to."""

    seeds: list[int] = field(default_factory=list)
    seconds: float = 0.0
    figures: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    failed: dict[int, list[str]] = field(default_factory=dict)

    def add(self, played: Played) -> None:
        """Counts one more."""
        self.seeds.append(played.seed)
        self.figures.update(played.figures)
        self.faults.update(played.faults)
        if played.violations:
            self.failed[played.seed] = played.violations

    def words(self) -> str:
        """The figures, one a line."""
        seeds = f"seeds {self.seeds[0]} to {self.seeds[-1]}"
        lines = [
            f"{len(self.seeds)} runs, {seeds}, {self.seconds:.0f} s: {len(self.failed)} failed",
            *(f"  {name}: {count}" for name, count in self.figures.items()),
            "  faults that struck:",
            *(f"    {name}: {count}" for name, count in sorted(self.faults.items())),
            *(f"  seed {seed}: {'; '.join(why)[:600]}" for seed, why in self.failed.items()),
        ]
        return "\n".join(lines)


@contextmanager
def residence() -> Iterator[tuple[House, Path]]:
    """A house, and a directory for the phones."""
    scratch = tempfile.TemporaryDirectory(prefix="baton-offline-", ignore_cleanup_errors=True)
    with scratch as name, House(Path(name) / "house") as house:
        yield house, Path(name)


def run(house: House, playwright: Playwright, directory: Path, plan: Plan) -> Played:
    """Plays one plan; what goes wrong on the way is a violation too."""
    try:
        return Player(house, playwright, directory / f"seed-{plan.seed}", plan).play()
    except Exception as problem:
        frames = traceback.extract_tb(problem.__traceback__)
        ours = [each for each in frames if Path(__file__).parent in Path(each.filename).parents]
        where = "".join(traceback.format_list(ours))
        return Played(plan.seed, [f"{type(problem).__name__}: {problem}", where])


def run_all(plans: Iterable[Plan], say: Say, *, timeline: bool = False) -> Runs:
    """Plays them; says the plan and the trouble of each that fails."""
    total, began = Runs(), time.monotonic()
    with sync_playwright() as playwright, residence() as (house, directory):
        for plan in plans:
            if timeline:
                say(plan.words())
            played = run(house, playwright, directory, plan)
            total.add(played)
            if played.violations:
                say(
                    "\n".join(
                        [*played.violations, plan.words(), house.stack.last_words(MOST_OF_A_LOG)]
                    )
                )
            say(
                f"seed {plan.seed}: {dict(played.figures)}, {time.monotonic() - began:.0f} s so far"
            )
    total.seconds = time.monotonic() - began
    return total
