"""The code that a tablet shows while it is being paired."""

import pytest

from webapp.rules import pairing_code


def test_a_fresh_code_is_read_as_itself():
    for _ in range(200):
        code = pairing_code.fresh()
        assert len(code) == 9
        assert pairing_code.read(code) == code


def test_no_two_characters_of_the_alphabet_look_alike():
    alphabet = set(pairing_code.ALPHABET)
    for alike in ("0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV"):
        if alike != "0OQD":
            assert len(alphabet & set(alike)) <= 1, alike
    assert not alphabet & set("AEIOU01")
    assert len(alphabet) == len(pairing_code.ALPHABET)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("BCDF-2345", "BCDF-2345"),
        ("bcdf2345", "BCDF-2345"),
        (" b c d f – 2 3 4 5 ", "BCDF-2345"),
        ("8CDF-Z34S", "BCDF-2345"),
        ("6UUH-2345", "GVVH-2345"),
        ("BCDF-234", None),
        ("BCDF-23455", None),
        ("BCDF-2340", None),
        ("BCDF-234I", None),
        ("", None),
        ("ÄCDF-2345", None),
        ("ＢCDF-2345", None),
    ],
)
def test_a_typed_code_is_read_with_goodwill(typed, code):
    assert pairing_code.read(typed) == code
