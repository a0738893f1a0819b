"""A plugin that audits what other tests leave behind: `pytest -p tests.audit.everywhere tests`.

Whatever a test did through the product is no fault, so a finding is a false alarm or a defect.
Tests that spoil rows by hand show up too; they are read, not counted.
"""

from collections.abc import Iterator

import pytest

from tests.audit.busy import look_over

# Most tests run no clock and no worker to their end.
NOT_TO_THE_END = {
    "clock_silent",
    "worker_silent",
    "engine_missing",
    "planning_overdue",
    "run_not_opened",
    "look_overdue",
    "message_overdue",
    "message_endless",
    "reminder_overdue",
}


@pytest.fixture(autouse=True)
def audited_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves behind what the auditor finds."""
    names = {"stored", "session", "app"} & set(request.fixturenames)
    for name in names:
        request.getfixturevalue(name)
    yield
    if names:
        found = [each for each in look_over() if each.code not in NOT_TO_THE_END]
        assert not found, found
