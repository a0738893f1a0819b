"""Little Oaks, where Mara is the owner: what tests of people and sign-in share."""

from datetime import UTC, datetime
from functools import cache

import pytest

from webapp.problems import Problem
from webapp.services import passwords

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "four plain words here"


@cache
def hashed() -> str:
    """The hash of PASSWORD; made once, because it is meant to take its time."""
    return passwords.hash_of(PASSWORD)


def refusal(call, *args, **kwargs) -> str:
    """The code of the problem that the call meets."""
    with pytest.raises(Problem) as caught:
        call(*args, **kwargs)
    return caught.value.code
