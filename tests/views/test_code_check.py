"""What a device knows of the code at a spot: enough to see another's, too little to find it."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import proof
from tests.views.api_day import api_day  # noqa: F401
from webapp.rules.proof import code_check


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("GATE 7", hashlib.sha256(b"GATE 7").hexdigest()[:2]),
        ("  GATE 7\n", hashlib.sha256(b"GATE 7").hexdigest()[:2]),
        ("   ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_spots_code_is_told_by_two_digits_of_its_hash(
    code: str | None, check: str | None
) -> None:
    assert code_check(code) == check


def test_the_check_and_not_the_code_goes_to_the_device(
    api_day: Callable[..., Any],  # noqa: F811
) -> None:
    steps = (("Gate", proof("scan", scan_code="SECRET-SPOT")), ("Door", proof("scan")))
    runs = api_day(steps=steps).browser("ana").get("/api/v1/today")
    assert "SECRET-SPOT" not in runs.text
    gate, door = (step["proof"] for step in runs.json["runs"][0]["steps"])
    assert gate["code_check"] == code_check("SECRET-SPOT")
    assert door["code_check"] is None
