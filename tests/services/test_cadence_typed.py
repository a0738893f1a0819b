"""A cadence as it is typed into a definition, and as a definition says it."""

import pytest

from webapp.rules.cadence import CadenceError
from webapp.services.definitions import rule_of, said_rule, words_of_rule

TWICE = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=7,14"
IN_SPRING = "FREQ=MONTHLY;BYMONTH=4,5;BYMONTHDAY=1"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every weekday at 7 and 14", TWICE),
        ("every weekday at 07:00 and 14:00", TWICE),
        ("every 2 hours from 8 to 12", "FREQ=DAILY;BYHOUR=8,10,12"),
        ("every day except Sundays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
        (TWICE, TWICE),
    ],
)
def test_words_that_mean_one_thing_are_a_rule(words: str, rule: str) -> None:
    assert rule_of(words) == rule


@pytest.mark.parametrize(
    "words",
    [
        "every weekday at 7",
        "biweekly on Thursday",
        "twice a week",
        "Mondays in summer",
        "every day Ana",
        "every weekday at 7 and 14 when it rains",
    ],
)
def test_words_that_leave_something_open_are_refused(words: str) -> None:
    with pytest.raises(CadenceError):
        rule_of(words)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=MONTHLY;BYDAY=-1FR", "monthly on the last Friday"),
        (TWICE, "every weekday at 07:00 and 14:00"),
        (IN_SPRING, "monthly on the 1st in April and May"),
    ],
)
def test_a_rule_is_said_in_words(rule: str, words: str) -> None:
    assert said_rule(rule) == words


def test_words_to_be_changed_are_read_back_or_are_the_rule_itself() -> None:
    assert words_of_rule(TWICE) == "every weekday at 07:00 and 14:00"
    assert words_of_rule(IN_SPRING) == IN_SPRING
