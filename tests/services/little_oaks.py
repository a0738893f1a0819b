"""Little Oaks, where Mara is the owner: what tests of people and sign-in share."""

from datetime import UTC, datetime

import pytest

from webapp.problems import Problem

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "four plain words here"


def refusal(call, *args, **kwargs) -> str:
    """The code of the problem that the call meets."""
    with pytest.raises(Problem) as caught:
        call(*args, **kwargs)
    return caught.value.code
