"""Where a step stands: the shape that every page draws for it."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.rules import standing

DEADLINE = datetime(2026, 11, 23, 13, 15, tzinfo=UTC)
OPENS = DEADLINE - timedelta(hours=2)


def mark(state: str = "open", *, minutes_left: float = 90, **facts: bool) -> str:
    given = {"moved": False, "sent_back": False} | facts
    now = DEADLINE - timedelta(minutes=minutes_left)
    return standing.mark(state, opens_at=OPENS, deadline_at=DEADLINE, now=now, **given)


@pytest.mark.parametrize(
    ("minutes_left", "shape"),
    [(90, ""), (31, ""), (30, "soon"), (1, "soon"), (0, "soon"), (-1, "late")],
)
def test_an_open_step_is_due_soon_and_then_late(minutes_left: float, shape: str) -> None:
    assert mark(minutes_left=minutes_left) == shape


@pytest.mark.parametrize(
    ("is_open_for", "soon"),
    [
        (timedelta(hours=2), timedelta(minutes=30)),
        (timedelta(hours=10), timedelta(hours=1)),
        (timedelta(days=30), timedelta(days=1)),
    ],
)
def test_a_long_step_is_due_soon_earlier(is_open_for: timedelta, soon: timedelta) -> None:
    assert standing.soon_from(DEADLINE - is_open_for, DEADLINE) == DEADLINE - soon


def test_what_moved_is_shown_as_moved_though_it_is_late_too() -> None:
    assert mark(minutes_left=-20, moved=True) == "moved"


def test_what_was_sent_back_says_so_first() -> None:
    assert mark(minutes_left=-20, moved=True, sent_back=True) == "back"


@pytest.mark.parametrize(
    ("state", "shape"),
    [
        ("waiting", "wait"),
        ("claimed", "claimed"),
        ("in_review", "review"),
        ("done", "done"),
        ("skipped", "skipped"),
        ("void", "skipped"),
    ],
)
def test_any_other_state_has_its_own_shape_whatever_the_time(state: str, shape: str) -> None:
    assert mark(state, minutes_left=-20, moved=True) == shape
