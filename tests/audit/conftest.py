"""Fixtures of the auditor's tests."""

from collections.abc import Callable

import pytest

from tests.audit.busy import Busy
from tests.factories import crew_of_a_daycare


@pytest.fixture
def busy(stored, clock) -> Callable[..., Busy]:
    """Opens a day on which clock and worker run and everybody has a phone."""
    crew = crew_of_a_daycare(stored, clock.now())
    return lambda **process: Busy(stored, clock, crew, **process).begin()
