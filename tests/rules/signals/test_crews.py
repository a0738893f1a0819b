"""Simulated crews, each for one month: who cheats is found, and who does not is left alone.

`python -m tests.bench signals` measures it on many months, night by night.
"""

import pytest

from tests.bench.crews import DISHONEST, HONEST, MONTH
from tests.bench.signals import is_found, noticed

# Too seldom to be found in every single month.
RARE = {
    "all at once, 30 % of the time",
    "yesterday's numbers, 30 % of the time",
    "numbers from the head",
    "always 37",
    "another's PIN",
}
SEED = 3


@pytest.mark.parametrize("name", sorted(set(DISHONEST) - RARE))
def test_a_month_shows_a_dishonest_crew_and_accuses_nobody_else(name: str) -> None:
    crew, kinds = DISHONEST[name]
    signals = noticed(crew, SEED, [MONTH])
    assert is_found(signals, kinds)
    concerned = {"", "ana"} | ({"ben"} if "two_pins" in kinds else set())
    assert {person for _kind, _place, person in signals} <= concerned


@pytest.mark.parametrize("name", sorted(HONEST))
def test_a_month_of_an_honest_crew_accuses_nobody(name: str) -> None:
    signals = noticed(HONEST[name], SEED, [MONTH])
    assert {person for _kind, _place, person in signals} <= {""}
    assert not signals or name == "a whole place writes on paper first"
