"""Every fault once, in a few short shifts: nothing lost, nothing doubled, each step in order."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.offline.house import House
from tests.offline.plan import FAULTS, plan_of
from tests.offline.runs import run

SEED = 1
# When Chromium lets another version take over is its own affair, and takes long on a busy machine:
# tests/browser/test_updates.py asks what the app does, and the command plays these too.
UPDATES = tuple(fault for fault in FAULTS if fault.startswith("worker update"))
ENDINGS = tuple(fault for fault in FAULTS[18:24] if fault not in UPDATES)
SHIFTS = (FAULTS[:9], FAULTS[9:18], ENDINGS, FAULTS[24:])


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
    assert sorted(sum(SHIFTS, UPDATES)) == sorted(FAULTS)
