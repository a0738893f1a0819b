"""Temperatures are read in the unit of the place."""

import pytest

from webapp.rules.capture.degrees import unit_of


@pytest.mark.parametrize(
    ("title", "zone", "unit"),
    [
        ("Fridge temperature", "America/Chicago", "°F"),
        ("Fridge temps", "America/Indiana/Knox", "°F"),
        ("Fridge temp", "Pacific/Honolulu", "°F"),
        ("Fridge temperature", "America/Toronto", "°C"),
        ("Fridge temperature", "Europe/Berlin", "°C"),
        ("Fridge temperature", "", "°C"),
        ("Count the till", "America/Chicago", ""),
        ("Temporary fence", "America/Chicago", ""),
    ],
)
def test_a_temperature_is_asked_for_in_the_unit_of_its_place(
    title: str, zone: str, unit: str
) -> None:
    assert unit_of(title, zone) == unit
