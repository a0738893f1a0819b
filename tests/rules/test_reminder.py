"""Who still has something to do is reminded once, when there is still time to do it."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.rules.reminder import in_words, remind_at

OPENS = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("window", "lead"),
    [
        pytest.param(0 * MINUTE, None, id="opens when it is due"),
        pytest.param(14 * MINUTE, None, id="too short to need one"),
        pytest.param(15 * MINUTE, 5 * MINUTE, id="at least five minutes"),
        pytest.param(20 * MINUTE, 5 * MINUTE, id="a quarter is five minutes"),
        pytest.param(45 * MINUTE, 11 * MINUTE, id="an opening check, in whole minutes"),
        pytest.param(2 * HOUR, 30 * MINUTE, id="two hours"),
        pytest.param(8 * HOUR, 2 * HOUR, id="a shift"),
        pytest.param(4 * DAY, DAY, id="a day before after four days"),
        pytest.param(31 * DAY, DAY, id="never more than a day before"),
    ],
)
def test_by_rule_the_reminder_comes_when_a_quarter_of_the_time_is_left(window, lead):
    expected = None if lead is None else OPENS + window - lead
    assert remind_at(OPENS, OPENS + window, None) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        pytest.param(0, None, id="zero is never"),
        pytest.param(1, 44 * MINUTE, id="a minute before"),
        pytest.param(10, 35 * MINUTE, id="ten minutes before"),
        pytest.param(44, 1 * MINUTE, id="just after it opens"),
        pytest.param(45, None, id="as it opens there is nothing to remind of"),
        pytest.param(60, None, id="before it opens"),
        pytest.param(31 * 24 * 60, None, id="the longest that can be set"),
    ],
)
def test_what_the_process_says_goes_before_the_rule(minutes, expected):
    at = remind_at(OPENS, OPENS + 45 * MINUTE, minutes)
    assert at == (None if expected is None else OPENS + expected)


def test_a_short_window_has_a_reminder_where_the_process_asks_for_one():
    assert remind_at(OPENS, OPENS + 10 * MINUTE, 3) == OPENS + 7 * MINUTE


@pytest.mark.parametrize(
    ("window", "minutes", "words"),
    [
        (45 * MINUTE, None, "by rule: 11 minutes before"),
        (4 * DAY, None, "by rule: 1 day before"),
        (10 * MINUTE, None, "by rule: never"),
        (None, None, "by rule: when a quarter of the time is left"),
        (45 * MINUTE, 0, "never"),
        (45 * MINUTE, 60, "never, it opens later than that"),
        (8 * HOUR, 90, "1 hour 30 minutes before"),
        (None, 10, "10 minutes before"),
    ],
)
def test_a_process_says_in_words_when_it_reminds(window, minutes, words):
    assert in_words(window, minutes) == words
