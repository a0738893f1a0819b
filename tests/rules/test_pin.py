"""Which PINs are refused, and that a fresh one never is."""

import pytest

from webapp.rules import pin


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not_digits"),
        ("12a4", "not_digits"),
        ("٤٧١٩", "not_digits"),
        ("47 19", "not_digits"),
        ("-4719", "not_digits"),
        ("471", "wrong_length"),
        ("4719264", "wrong_length"),
        ("0000", "trivial"),
        ("777777", "trivial"),
        ("1234", "trivial"),
        ("7890", "trivial"),
        ("890123", "trivial"),
        ("4321", "trivial"),
        ("210987", "trivial"),
        ("1212", "trivial"),
        ("474747", "trivial"),
        ("123123", "trivial"),
        ("471471", "trivial"),
        ("1221", "trivial"),
        ("111222", "trivial"),
        ("11211", "trivial"),
        ("1987", "trivial"),
        ("2024", "trivial"),
        ("081987", "trivial"),
        ("198708", "trivial"),
        ("2580", "trivial"),
        ("112233", "trivial"),
        ("159753", "trivial"),
        ("4719", None),
        ("47192", None),
        ("471926", None),
        ("0471", None),
        ("1899", None),
        ("2041", None),
        ("131987", None),
        ("479749", None),
    ],
)
def test_what_somebody_would_try_first_is_refused(typed, why):
    assert pin.weakness(typed) == why


def test_a_fresh_pin_has_six_digits_and_can_be_used():
    made = {pin.fresh() for _ in range(200)}
    assert all(len(each) == 6 and pin.weakness(each) is None for each in made)
    assert len(made) > 190


def test_at_least_nine_in_ten_can_be_chosen():
    four = sum(pin.weakness(f"{number:04}") is None for number in range(10_000))
    six = sum(pin.weakness(f"{number:06}") is None for number in range(0, 1_000_000, 7))
    assert four > 9_000
    assert six > 0.98 * 1_000_000 / 7
