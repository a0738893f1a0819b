"""A healthy organisation shows nothing, and what goes wrong shows within a stated number of runs.

Short here; `python -m tests.bench patterns` plays years of it.
"""

import pytest

from tests.patterns_sim.faults import DARK, PLANTED
from tests.patterns_sim.nights import months, until_dark, until_found

STRONG = [each for each in PLANTED if each[2] == 1.0 and each[0] != "one_person"]


@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_month_shows_nothing(seed):
    assert months(seed, 1) == {}


@pytest.mark.parametrize(("kind", "plant", "strength", "within"), STRONG)
def test_a_fault_shows_within_the_stated_number_of_runs(kind, plant, strength, within):
    runs = until_found(7, kind, plant(strength), clean=30, most=within)
    assert runs is not None
    assert runs <= within


def test_a_phone_that_is_always_dark_shows_within_the_stated_number_of_days():
    share, within = DARK[0]
    assert until_dark(7, share, clean=30, most=within) is not None
