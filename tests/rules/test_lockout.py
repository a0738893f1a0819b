"""Wrong PINs: how many are free, how long the waits are, and when a kiosk takes none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.rules import lockout
from webapp.rules.lockout import KioskTries, Tries

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("wrong_before", "wait"),
    [
        (0, None),
        (3, None),
        (4, 30),
        (5, 60),
        (6, 120),
        (7, 240),
        (8, 480),
        (9, 960),
        (10, 1920),
        (11, 3600),
        (12, 3600),
        (500, 3600),
    ],
)
def test_from_the_fifth_wrong_one_on_each_wait_is_twice_as_long(wrong_before, wait):
    tries = lockout.counted(Tries(wrong=wrong_before), TODAY, NOW)
    expected = NOW + timedelta(seconds=wait) if wait else None
    assert tries.locked_until == expected
    assert lockout.is_locked(tries, NOW) == (wait is not None)


@pytest.mark.parametrize(
    ("until", "locked"),
    [(None, False), (NOW + timedelta(seconds=1), True), (NOW, False)],
)
def test_a_wait_ends_at_its_time(until, locked):
    assert lockout.is_locked(Tries(wrong=5, locked_until=until), NOW) is locked


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Tries(), Tries(1, None, TODAY, 1)),
        (Tries(2, None, TODAY, 2), Tries(3, None, TODAY, 3)),
        (Tries(2, None, YESTERDAY, 2), Tries(3, None, TODAY, 1)),
    ],
)
def test_a_new_day_counts_anew_but_not_those_in_a_row(before, after):
    assert lockout.counted(before, TODAY, NOW) == after


@pytest.mark.parametrize(
    "before",
    [Tries(), Tries(4, None, TODAY, 4), Tries(9, NOW, TODAY, 12)],
)
def test_a_right_one_ends_the_row_and_takes_back_its_own_count(before):
    settled = lockout.was_right(lockout.counted(before, TODAY, NOW), TODAY)
    assert (settled.wrong, settled.locked_until) == (0, None)
    assert settled.wrong_today == before.wrong_today


def test_a_right_one_that_is_settled_after_midnight_takes_nothing_from_the_new_day():
    tomorrow = TODAY + timedelta(days=1)
    assert lockout.was_right(Tries(1, None, TODAY, 3), tomorrow).wrong_today == 3


@pytest.mark.parametrize(
    ("tries", "locked"),
    [
        (KioskTries(), False),
        (KioskTries(TODAY, 19), False),
        (KioskTries(TODAY, 20), True),
        (KioskTries(TODAY, 21), True),
        (KioskTries(YESTERDAY, 20), False),
    ],
)
def test_twenty_wrong_ones_in_a_day_lock_a_kiosk_until_the_next(tries, locked):
    assert lockout.is_kiosk_locked(tries, TODAY) is locked


def test_a_kiosk_counts_each_day_anew_and_takes_back_what_was_right():
    counted = lockout.kiosk_counted(KioskTries(YESTERDAY, 19), TODAY)
    assert counted == KioskTries(TODAY, 1)
    assert lockout.kiosk_was_right(counted, TODAY) == KioskTries(TODAY, 0)


@pytest.mark.parametrize(("wrong", "left"), [(0, 5), (1, 4), (4, 1), (5, 0), (30, 0)])
def test_it_says_how_many_tries_go_without_a_wait(wrong, left):
    assert lockout.left(Tries(wrong=wrong)) == left


def test_nobody_comes_near_a_hundred_in_a_row_within_a_day():
    tries, at, kiosk = Tries(), NOW, KioskTries()
    while at < NOW + timedelta(days=1) and not lockout.is_kiosk_locked(kiosk, TODAY):
        tries, kiosk = lockout.counted(tries, TODAY, at), lockout.kiosk_counted(kiosk, TODAY)
        at = tries.locked_until or at
    assert tries.wrong == lockout.PER_KIOSK_AND_DAY
