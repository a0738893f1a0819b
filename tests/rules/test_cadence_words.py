"""Words to rules and back."""

from itertools import combinations

import pytest

from webapp.rules.cadence import parse_rrule
from webapp.rules.cadence_words import rrule_to_words, words_to_rrule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = "BYDAY=MO,TU,WE,TH,FR"

READ = [
    ("every day", "FREQ=DAILY"),
    ("Daily", "FREQ=DAILY"),
    ("each day.", "FREQ=DAILY"),
    ("every morning", "FREQ=DAILY"),
    ("every other day", "FREQ=DAILY;INTERVAL=2"),
    ("every 90 days", "FREQ=DAILY;INTERVAL=90"),
    ("every 4th day", "FREQ=DAILY;INTERVAL=4"),
    ("every weekday", f"FREQ=WEEKLY;{WORKDAYS}"),
    ("Weekdays", f"FREQ=WEEKLY;{WORKDAYS}"),
    ("every working day", f"FREQ=WEEKLY;{WORKDAYS}"),
    ("Mon-Fri", f"FREQ=WEEKLY;{WORKDAYS}"),
    ("monday to friday", f"FREQ=WEEKLY;{WORKDAYS}"),
    ("saturdays through tuesdays", "FREQ=WEEKLY;BYDAY=MO,TU,SA,SU"),
    ("weekends", "FREQ=WEEKLY;BYDAY=SA,SU"),
    ("every Monday", "FREQ=WEEKLY;BYDAY=MO"),
    ("mondays and thursdays", "FREQ=WEEKLY;BYDAY=MO,TH"),
    ("on Mondays, Wednesdays, and Fridays", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
    ("every Tue/Thu", "FREQ=WEEKLY;BYDAY=TU,TH"),
    ("every wed.", "FREQ=WEEKLY;BYDAY=WE"),
    ("every friday evening", "FREQ=WEEKLY;BYDAY=FR"),
    ("every week", "FREQ=WEEKLY"),
    ("weekly on friday", "FREQ=WEEKLY;BYDAY=FR"),
    ("once a week on sunday", "FREQ=WEEKLY;BYDAY=SU"),
    ("every other friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    ("every 4 weekends", "FREQ=WEEKLY;INTERVAL=4;BYDAY=SA,SU"),
    ("every 2 weeks on tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    ("fortnightly on Fridays", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    ("monthly on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"),
    ("monthly on the 1st and 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ("4th of every month", "FREQ=MONTHLY;BYMONTHDAY=4"),
    ("the first of the month", "FREQ=MONTHLY;BYMONTHDAY=1"),
    ("last day of the month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("at the end of each month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("month-end", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("2nd to the last day of each month", "FREQ=MONTHLY;BYMONTHDAY=-2"),
    ("every month on the 4th last", "FREQ=MONTHLY;BYMONTHDAY=-4"),
    ("every month on the 3rd last Tuesday", "FREQ=MONTHLY;BYDAY=-3TU"),
    ("last friday of the month", "FREQ=MONTHLY;BYDAY=-1FR"),
    ("every last friday of the month", "FREQ=MONTHLY;BYDAY=-1FR"),
    ("first and third friday of each month", "FREQ=MONTHLY;BYDAY=1FR,3FR"),
    ("first business day of the month", f"FREQ=MONTHLY;{WORKDAYS};BYSETPOS=1"),
    ("last working day of the month", f"FREQ=MONTHLY;{WORKDAYS};BYSETPOS=-1"),
    ("first friday of every 3rd month", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1FR"),
    ("every quarter", "FREQ=MONTHLY;INTERVAL=3"),
    ("every other month on the 4th", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=4"),
    ("annually", "FREQ=YEARLY"),
    ("every july 4th", "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"),
    ("every year on Dec 25", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"),
    ("every day except Sundays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
    ("every weekday except friday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH"),
]

UNCLEAR = [
    "", "biweekly", "bimonthly", "twice a week", "three times a day", "every second tuesday",
    "monday", "weekend", "by friday", "on the 4th", "every 45th of the month", "every 0 days",
    "every hour", "every 5 minutes", "monthly on the 31st and friday", "every 30 february",
    "last day of the quarter", "the month", "last last friday of the month",
    "whenever", "worddailynotword", "cada día", "often",
    "every monday except mondays", "every 2 weeks except friday", "daily until june",
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), READ)
def test_words_that_mean_one_thing_are_understood(words: str, expected: str) -> None:
    assert words_to_rrule(words) == expected == parse_rrule(expected)


@pytest.mark.parametrize("words", UNCLEAR)
def test_words_that_mean_nothing_or_two_things_are_not_guessed(words: str) -> None:
    assert words_to_rrule(words) is None


def rules_of_the_builder() -> list[str]:
    """Every cadence that can be chosen without writing a rule."""
    every = ["", ";INTERVAL=2", ";INTERVAL=3", ";INTERVAL=12"]
    day_sets = [",".join(some) for size in range(1, 8) for some in combinations(DAYS, size)]
    in_month = [
        *(f"BYMONTHDAY={day}" for day in [*range(1, 32), -1, -2, -3]),
        *(f"BYDAY={n}{day}" for n in (1, 2, 3, 4, 5, -1, -2) for day in DAYS),
        *(f"{WORKDAYS};BYSETPOS={n}" for n in (1, 2, 3, -1, -2)),
        "BYMONTHDAY=1,15", "BYMONTHDAY=15,-1", "BYDAY=1MO,3MO", "BYDAY=2TU,-1FR",
    ]  # fmt: skip
    in_year = [f"BYMONTH={month};BYMONTHDAY={day}" for month in range(1, 13) for day in (1, 22, 29)]
    return [
        *(f"FREQ={freq}{n}" for freq in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") for n in every),
        *(f"FREQ=WEEKLY{n};BYDAY={days}" for n in every for days in day_sets),
        *(f"FREQ=MONTHLY{n};{which}" for n in every for which in in_month),
        *(f"FREQ=YEARLY{n};{which}" for n in every[:2] for which in in_year),
    ]


def test_every_rule_of_the_builder_has_words_that_read_back_as_the_same_rule() -> None:
    rules = rules_of_the_builder()
    words = [rrule_to_words(rule) for rule in rules]
    assert [rule for rule, said in zip(rules, words, strict=True) if said.startswith("FREQ")] == []
    assert [words_to_rrule(said) for said in words] == [parse_rrule(rule) for rule in rules]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        (f"FREQ=WEEKLY;{WORKDAYS}", "every weekday"),
        ("FREQ=WEEKLY;BYDAY=MO,TH,SU", "every Monday, Thursday and Sunday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks on Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,22,-1", "monthly on the 1st, 22nd and last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=13", "monthly on the 13th"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "monthly on the last Friday"),
        (f"FREQ=MONTHLY;{WORKDAYS};BYSETPOS=-1", "monthly on the last weekday"),
        ("FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4", "yearly on 4 July"),
    ],
)
def test_a_rule_is_said_the_way_people_say_it(rule: str, words: str) -> None:
    assert rrule_to_words(rule) == words


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYHOUR=8,12,16",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
    ],
)
def test_a_rule_without_words_is_shown_as_it_is(rule: str) -> None:
    assert rrule_to_words(rule) == rule
