"""A moment is spoken of as people at the location would."""

from datetime import UTC, datetime

import pytest

from webapp.rules.moment_words import clock_words, day_words, local_date

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 09:00 in Chicago


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 13, 15, tzinfo=UTC), "07:15"),
        (datetime(2026, 11, 22, 13, 15, tzinfo=UTC), "07:15 yesterday"),
        (datetime(2026, 11, 23, 4, 0, tzinfo=UTC), "22:00 yesterday"),
        (datetime(2026, 11, 24, 13, 15, tzinfo=UTC), "07:15 tomorrow"),
        (datetime(2026, 11, 20, 13, 15, tzinfo=UTC), "07:15 on Friday"),
        (datetime(2026, 11, 16, 13, 15, tzinfo=UTC), "07:15 on 16 November"),
        (datetime(2026, 10, 3, 12, 15, tzinfo=UTC), "07:15 on 3 October"),
    ],
)
def test_the_day_is_named_when_it_is_not_today(moment, words):
    assert clock_words(moment, NOW, "America/Chicago") == words


@pytest.mark.parametrize(
    ("day", "words"),
    [(23, ""), (22, "yesterday"), (24, "tomorrow"), (20, "Friday"), (16, "16 November")],
)
def test_the_day_stands_alone_where_the_time_is_large(day, words):
    moment = datetime(2026, 11, day, 13, 15, tzinfo=UTC)
    assert day_words(moment, NOW, "America/Chicago") == words


def test_the_date_is_the_one_on_the_wall():
    late = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert local_date(late, "America/Chicago").day == 22
    assert local_date(late, "Europe/Berlin").day == 23
