"""What one person changed is put on top of what was changed meanwhile; both is a clash."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.rules import merging

BASE = {"due": "17:00", "grace": "10", "days": ("MO", "TU")}


@pytest.mark.parametrize(
    ("mine", "current", "merged", "clashes"),
    [
        ({}, {}, {}, []),
        ({"due": "17:25"}, {}, {"due": "17:25"}, []),
        ({}, {"grace": "7"}, {"grace": "7"}, []),
        ({"due": "17:25"}, {"grace": "7"}, {"due": "17:25", "grace": "7"}, []),
        ({"grace": "7"}, {"grace": "7"}, {"grace": "7"}, []),
        ({"grace": "8"}, {"grace": "7"}, {"grace": "8"}, ["grace"]),
        ({"grace": "8", "due": "18:00"}, {"grace": "7"}, {"grace": "8", "due": "18:00"}, ["grace"]),
        ({"days": ("MO",)}, {"days": ("MO", "WE")}, {"days": ("MO",)}, ["days"]),
        ({"fallback": "Fay"}, {"grace": "7"}, {"fallback": "Fay", "grace": "7"}, []),
        ({"fallback": "Fay"}, {"fallback": "Ben"}, {"fallback": "Fay"}, ["fallback"]),
    ],
)
def test_fields_are_merged_one_by_one(
    mine: dict[str, Any], current: dict[str, Any], merged: dict[str, Any], clashes: list[str]
) -> None:
    found = merging.of_fields(BASE, BASE | mine, BASE | current)
    assert found == (BASE | merged, clashes)


def rows(text: str) -> dict[str, dict[str, Any]]:
    """Rows written as "a b=lids": the key, and the title where it is not the key."""
    parts = [each.partition("=") for each in text.split()]
    return {key: {"title": title or key, "proof": "photo"} for key, _, title in parts}


@pytest.mark.parametrize(
    ("mine", "current", "merged", "clashes"),
    [
        ("a b c", "a b c", "a b c", []),
        ("a=lids b c", "a b c=fire", "a=lids b c=fire", []),
        ("a=lids b c", "a=doors b c", "a=lids b c", ["steps[a].title"]),
        ("a b c new", "a b c", "a b c new", []),
        ("a b c", "a new b c", "a new b c", []),
        ("own a b c", "a b c new", "own a b c new", []),
        ("a c", "a b c", "a c", []),
        ("a c", "a b c=fire", "a c=fire", []),
        ("a b c", "a c", "a c", []),
        ("a c", "a b=lids c", "a c", ["steps[b]"]),
        ("a b=lids c", "a c", "a b=lids c", ["steps[b]"]),
        ("a c", "a c", "a c", []),
        ("c a b", "a b c", "c a b", []),
        ("a b c", "c a b", "c a b", []),
        ("c a b", "c a b", "c a b", []),
        ("c a b", "b a c", "c a b", ["steps"]),
        ("c a b", "a b new c", "c a b new", []),
        ("a own b c", "c a b", "c a own b", []),
        ("b a", "a c", "a", []),
        ("a b c x=lock", "a b c y=lock", "a b c y=lock", []),
        ("a b c x=lock", "a b c y=doors", "a b c x=lock y=doors", []),
        ("b c a=lids", "c", "c a=lids", ["steps[a]"]),
    ],
)
def test_steps_are_merged_by_their_keys(
    mine: str, current: str, merged: str, clashes: list[str]
) -> None:
    found, told = merging.of_rows(rows("a b c"), rows(mine), rows(current))
    assert told == clashes
    assert list(found.items()) == list(rows(merged).items())


def naming(text: str, **after: str) -> dict[str, dict[str, Any]]:
    """The same rows, of which some wait for others: `c="a"`."""
    return {key: row | {"after": (after.get(key, ""), "2h")} for key, row in rows(text).items()}


@pytest.mark.parametrize(
    ("mine", "current", "merged", "clashes"),
    [
        (naming("a b c", c="a"), naming("a b c"), naming("a b c", c="a"), []),
        (naming("a b c", c="a"), naming("b c"), naming("a b c", c="a"), ["steps[a]"]),
        (naming("b c"), naming("a b c", c="a"), naming("b c", c="a"), ["steps[a]"]),
        (naming("a b c x=lids", c="x"), naming("a b c y=lids"), naming("a b c y=lids", c="y"), []),
    ],
)
def test_a_step_that_another_one_waits_for_is_not_lost_unsaid(
    mine: merging.Rows, current: merging.Rows, merged: merging.Rows, clashes: list[str]
) -> None:
    assert merging.of_rows(naming("a b c"), mine, current) == (merged, clashes)


@pytest.mark.parametrize(
    ("name", "mine", "theirs", "taken"),
    [
        ("due", ("17:00", "a b"), ("18:00", "b a"), ("18:00", "a b")),
        ("steps", ("17:00", "a b new"), ("18:00", "b a"), ("17:00", "b new a")),
        ("steps[a]", ("17:00", "a b"), ("18:00", "b"), ("17:00", "b")),
        ("steps[c]", ("17:00", "a b new"), ("18:00", "a c d"), ("17:00", "a c b new")),
        ("steps[a].title", ("17:00", "a b"), ("18:00", "a=lids b"), ("17:00", "a=lids b")),
        ("steps[x].title", ("17:00", "a b"), ("18:00", "a"), ("17:00", "a b")),
    ],
)
def test_one_part_is_taken_over_as_the_other_has_it(
    name: str, mine: tuple[str, str], theirs: tuple[str, str], taken: tuple[str, str]
) -> None:
    found = merging.with_part(whole(*mine), whole(*theirs), name)
    assert found == whole(*taken)
    assert list(found.rows) == list(whole(*taken).rows)


def whole(due: str, steps: str) -> merging.Whole:
    return merging.Whole({"due": due}, rows(steps))


STEPS = st.lists(
    st.sampled_from(["a", "b", "c", "d", "a=lids", "b=fire", "c=doors"]),
    unique_by=lambda each: each[0],
).map(" ".join)
WHOLES = st.builds(whole, st.sampled_from(["17:00", "17:30", "18:00"]), STEPS)


@example(whole("17:00", "c a b"), whole("17:00", "a c"), whole("17:00", "b=fire c a"))
@given(WHOLES, WHOLES, WHOLES)
def test_nothing_is_lost_without_a_clash_and_mine_stands_in_it(
    base: merging.Whole, mine: merging.Whole, current: merging.Whole
) -> None:
    merged, clashes = merging.merge(base, mine, current)
    assert merging.merge(base, current, current) == (current, [])
    assert merging.merge(base, mine, base) == (mine, [])
    for key in {*base.rows, *mine.rows, *current.rows}:
        was, own, now = (side.rows.get(key) for side in (base, mine, current))
        if own == was:
            assert merged.rows.get(key) == now
        if now in (was, own):
            assert merged.rows.get(key) == own
    # What was merged once is not changed by merging it again, and clashes over the same.
    assert merging.merge(base, merged, current) == (merged, clashes)
    for name in clashes:
        merged = merging.with_part(merged, current, name)
    # A row that is taken back stands among others, whose order may then be another's.
    left = merging.merge(base, merged, current)[1]
    assert left in ([], [merging.ORDER])
    for name in left:
        merged = merging.with_part(merged, current, name)
    assert merging.merge(base, merged, current)[1] == []
