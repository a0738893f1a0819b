"""What dates and titles say of a cadence, as tables."""

from datetime import date, timedelta

import pytest

from webapp.importers import titles, words
from webapp.importers.repeats import pattern_of

START = date(2026, 1, 5)  # a Monday


def every(days: int, count: int, start: date = START) -> list[date]:
    return [start + timedelta(days=days * n) for n in range(count)]


def on(weekdays: tuple[int, ...], weeks: int) -> list[date]:
    return [day for day in every(1, weeks * 7) if day.weekday() in weekdays]


def of(*days: str) -> list[date]:
    return [date.fromisoformat(day) for day in days]


NOISY = [
    date(2025, month, day)
    for month, days in ((10, (8, 14, 19, 22)), (11, (5, 12, 17, 19)), (12, (3, 10, 17, 24, 31)))
    for day in days
]

PATTERNS = [
    # what it is, the dates, the rule, how surely
    ("one date", every(1, 1), None, "unknown"),
    ("the same day twice", [START, START], None, "unknown"),
    ("two, a week apart", every(7, 2), "FREQ=WEEKLY;BYDAY=MO", "maybe"),
    ("two, far apart", every(43, 2), None, "unknown"),
    ("three weeks in a row", every(7, 3), "FREQ=WEEKLY;BYDAY=MO", "likely"),
    ("a year of weeks", every(7, 52), "FREQ=WEEKLY;BYDAY=MO", "likely"),
    ("weeks with one left out", of("2026-01-05", "2026-01-12", "2026-01-26", "2026-02-02",
     "2026-02-09", "2026-02-16"), "FREQ=WEEKLY;BYDAY=MO", "likely"),
    ("weeks, a day late at times", of("2026-01-05", "2026-01-13", "2026-01-19", "2026-01-26",
     "2026-02-02"), "FREQ=WEEKLY;BYDAY=MO", "likely"),
    ("noisy weeks", NOISY, "FREQ=WEEKLY;BYDAY=WE", "maybe"),
    ("fortnights", every(14, 5), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "likely"),
    ("each day", every(1, 21), "FREQ=DAILY", "likely"),
    ("four days in a row", every(1, 4), "FREQ=DAILY", "maybe"),
    ("Monday to Friday for weeks", on((0, 1, 2, 3, 4), 3),
     "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "likely"),
    ("Monday to Friday of one week", every(1, 5), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "maybe"),
    ("all days but Sunday", on((0, 1, 2, 3, 4, 5), 4),
     "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", "likely"),
    ("two days a week", on((1, 4), 4), "FREQ=WEEKLY;BYDAY=TU,FR", "likely"),
    ("three days a week", on((0, 2, 4), 4), "FREQ=WEEKLY;BYDAY=MO,WE,FR", "likely"),
    ("every third day", every(3, 8), None, "unknown"),
    ("the tenth", of("2026-01-10", "2026-02-10", "2026-03-10", "2026-04-10"),
     "FREQ=MONTHLY;BYMONTHDAY=10", "likely"),
    ("the last day", of("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"),
     "FREQ=MONTHLY;BYMONTHDAY=-1", "likely"),
    ("the second Friday", of("2026-01-09", "2026-02-13", "2026-03-13", "2026-04-10", "2026-05-08"),
     "FREQ=MONTHLY;BYDAY=2FR", "likely"),
    ("the last Friday", of("2026-01-30", "2026-02-27", "2026-03-27", "2026-04-24", "2026-05-29"),
     "FREQ=MONTHLY;BYDAY=-1FR", "likely"),
    ("the first working day", of("2026-01-01", "2026-02-02", "2026-03-02", "2026-04-01",
     "2026-05-01"), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "likely"),
    ("every 28 days", every(28, 5), "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO", "maybe"),
    ("quarters", of("2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"),
     "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "likely"),
    ("half years", of("2025-01-01", "2025-07-02", "2026-01-01", "2026-07-02"),
     "FREQ=MONTHLY;INTERVAL=6", "likely"),
    ("years", of("2024-03-01", "2025-03-01", "2026-03-01"),
     "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "likely"),
    ("no rhythm", of("2026-01-05", "2026-01-07", "2026-02-20", "2026-05-01"), None, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("dates", "rrule", "confidence"), [row[1:] for row in PATTERNS],
                         ids=[row[0] for row in PATTERNS])  # fmt: skip
def test_dates_show_their_pattern_or_none(dates, rrule, confidence):
    found = pattern_of(dates)
    assert (found.rrule, found.confidence) == (rrule, confidence)


TITLES = [
    # a title, what lasts of it, what changes in it
    ("October Emails", "Emails", [("month", "October")]),
    ("Weekly report – 2025-10-03", "Weekly report", [("date", "2025-10-03")]),
    ("Standup #12", "Standup", [("number", "#12")]),
    ("Work Out (3x)", "Work Out", [("times", "(3x)")]),
    ("Week 12 cleaning", "cleaning", [("week", "Week 12")]),
    ("KW12 Putzplan", "Putzplan", [("week", "KW12")]),
    ("Payroll Q3 2025", "Payroll", [("quarter", "Q3 2025")]),
    ("@December 1, 2024", "", [("date", "@December 1, 2024")]),
    ("Copy of Opening check", "Opening check", [("copy", "Copy of")]),
    ("Opening check (copy)", "Opening check", [("copy", "(copy)")]),
    ("🧹 Sweep", "Sweep", []),
    ("Room 12", "Room 12", []),
    ("May I go", "May I go", []),
    ("Close books - Sept 2025", "Close books", [("month", "Sept 2025")]),
    ("Close books for May 2025", "Close books", [("month", "May 2025")]),
]


@pytest.mark.parametrize(("title", "lasting", "changing"), TITLES)
def test_titles_lose_what_changes_and_keep_it_as_evidence(title, lasting, changing):
    name = titles.take_apart(title)
    assert (name.words, list(name.changing)) == (lasting, changing)


SAID = [
    # words, the rule, how surely
    ("Weekly team report", "FREQ=WEEKLY", "stated"),
    ("Every Monday: bins", "FREQ=WEEKLY;BYDAY=MO", "stated"),
    ("Send it every Friday, not weekly", "FREQ=WEEKLY;BYDAY=FR", "stated"),
    ("Month-end close", "FREQ=MONTHLY;BYMONTHDAY=-1", "likely"),
    ("Annual fire drill", "FREQ=YEARLY", "likely"),
    ("quarterly VAT", "FREQ=MONTHLY;INTERVAL=3", "stated"),
    ("Clean every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", "stated"),
    ("Friday safety walk", "FREQ=WEEKLY;BYDAY=FR", "maybe"),
    ("biweekly 1:1", None, "stated"),
    ("Water the plants twice a week", None, "stated"),
]


@pytest.mark.parametrize(("text", "rrule", "confidence"), SAID)
def test_words_say_how_often_or_that_it_must_be_asked(text, rrule, confidence):
    said = words.find(text, "the title")
    assert said is not None
    assert (said.rrule, said.confidence) == (rrule, confidence)


@pytest.mark.parametrize("text", ["Paint the fence", "Everybody reads", "Once upon a time", "Week"])
def test_other_words_say_nothing(text):
    assert words.find(text, "the title") is None
