"""The date from which a rule counts: which rules do, and how people write it."""

from datetime import date

import pytest

from webapp.rules.capture.first_due import first_due
from webapp.rules.recurrence import counts_from_start
from webapp.rules.rrule_text import parse_rule


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ("FREQ=DAILY", False),
        ("FREQ=DAILY;INTERVAL=2", True),
        ("FREQ=WEEKLY", True),
        ("FREQ=WEEKLY;BYDAY=FR", False),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", True),
        ("FREQ=MONTHLY", True),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", False),
        ("FREQ=MONTHLY;BYDAY=1MO", False),
        ("FREQ=YEARLY", True),
        ("FREQ=YEARLY;BYMONTH=6", True),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", False),
        ("FREQ=YEARLY;BYYEARDAY=1", False),
    ],
)
def test_a_rule_counts_from_its_start_where_it_leaves_something_out(
    rule: str, counts: bool
) -> None:
    assert counts_from_start(parse_rule(rule)) is counts


@pytest.mark.parametrize(
    "words",
    ["2026-12-04", "starting 4 December 2026", "from Dec 4, 2026", "the 4th of december, 2026"],
)
def test_one_day_of_one_year_is_read_as_a_date(words: str) -> None:
    assert first_due(words) == date(2026, 12, 4)


@pytest.mark.parametrize(
    "words", ["", "4 December", "December 2026", "12/4/2026", "next Friday", "2026-02-30"]
)
def test_words_that_leave_the_day_or_its_year_open_are_no_date(words: str) -> None:
    assert first_due(words) is None
