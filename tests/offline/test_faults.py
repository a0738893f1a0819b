"""Every fault once, in a few short shifts: nothing lost, nothing doubled, each step in order."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.offline.house import House
from tests.offline.plan import FAULTS, plan_of
from tests.offline.runs import run

SEED = 1
SHIFTS = (FAULTS[:9], FAULTS[9:18], FAULTS[18:24], FAULTS[24:])


@pytest.mark.parametrize("faults", SHIFTS, ids=lambda faults: faults[0])
def test_nothing_is_lost_in_a_shift_with(
    faults: tuple[str, ...], offline_house: House, playwright: Playwright, tmp_path: Path
) -> None:
    number = SHIFTS.index(faults)
    size = {"check_offs": 2 * len(faults), "photos": len(faults)}
    plan = plan_of(SEED + number, faults=faults, **size)
    played = run(offline_house, playwright, tmp_path, plan)
    assert not played.violations, "\n".join([*played.violations, plan.words()])
    assert set(played.faults) == set(faults), "each of them struck"


def test_every_fault_has_its_shift() -> None:
    assert sorted(sum(SHIFTS, ())) == sorted(FAULTS)
