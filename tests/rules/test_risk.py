"""Which proofs a person looks at when only the risky ones are reviewed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from webapp.rules.risk import Before, Facts, in_sample, reasons

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEYS = [f"step-{number}" for number in range(2_000)]
NOT_SAMPLED = next(key for key in KEYS if not in_sample(key))
USUAL = Facts(NOT_SAMPLED, AT, before=Before(AT - timedelta(minutes=5), True))
FRIDGE = replace(USUAL, minimum=Decimal(35), maximum=Decimal(41))


def read(value: str, *last: str) -> Facts:
    return replace(FRIDGE, value=Decimal(value), last_values=[Decimal(each) for each in last])


def after(seconds: int, *, same_place: bool) -> Facts:
    return replace(USUAL, before=Before(AT - timedelta(seconds=seconds), same_place))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (USUAL, ()),
        (replace(USUAL, is_first=True), ("risk_first_time",)),
        (replace(USUAL, is_proven=False), ("risk_unproven",)),
        (replace(USUAL, was_handed_over=True), ("risk_handed_over",)),
        (read("38"), ()),
        (read("35"), ("risk_near_edge",)),
        (read("35.3"), ("risk_near_edge",)),
        (read("35.31"), ()),
        (read("40.7"), ("risk_near_edge",)),
        (read("44"), ("risk_near_edge",)),
        (replace(read("100"), minimum=None, maximum=None), ()),
        (replace(read("41"), minimum=None), ("risk_near_edge",)),
        (replace(read("40.9"), minimum=None), ()),
        (read("38", "38"), ()),
        (read("38", "38", "38.0"), ("risk_same_number",)),
        (read("38", "38", "37", "38"), ()),
        (after(4, same_place=True), ("risk_too_quick",)),
        (after(5, same_place=True), ()),
        (after(119, same_place=False), ("risk_too_quick",)),
        (after(120, same_place=False), ()),
        (replace(after(1, same_place=True), asks_for_work=False), ()),
        (replace(read("35"), is_proven=False), ("risk_near_edge", "risk_unproven")),
    ],
)
def test_what_is_unusual_is_looked_at_and_says_why(facts: Facts, expected: tuple[str, ...]) -> None:
    assert reasons(facts) == expected


def test_one_in_three_is_looked_at_where_proofs_like_it_stand_out() -> None:
    found = [reasons(replace(USUAL, key=key, has_signal=True)) for key in KEYS]
    assert 600 <= found.count(("risk_signal",)) <= 740
    assert found.count(()) >= 1_100
    assert reasons(replace(USUAL, has_signal=True, is_first=True)) == ("risk_first_time",)


def test_about_one_in_ten_of_the_rest_is_looked_at_and_always_the_same_ones() -> None:
    sampled = [key for key in KEYS if in_sample(key)]
    assert 160 <= len(sampled) <= 240
    assert reasons(replace(USUAL, key=sampled[0])) == ("risk_sample",)
    assert [key for key in KEYS if in_sample(key)] == sampled
