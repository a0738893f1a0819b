"""What the processes of a stack said, printed with a test that failed.

A conftest enables it: `from tests.stack_logs import pytest_runtest_makereport`.
"""

from collections.abc import Generator
from typing import Any

import pytest

from tests.stack import RUNNING

MOST_CHARACTERS = 8000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the end of each running stack's logs to a failure."""
    return with_logs((yield))


def with_logs(report: pytest.TestReport) -> pytest.TestReport:
    """The report, with the logs when it is a failure."""
    if report.failed:
        for stack in RUNNING:
            title = f"processes on {stack.settings.data_dir}"
            report.sections.append((title, stack.logs()[-MOST_CHARACTERS:]))
    return report
